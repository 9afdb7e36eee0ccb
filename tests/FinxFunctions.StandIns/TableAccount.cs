using System.Collections.Concurrent;

namespace FinxFunctions.StandIns;

/// <summary>A storage account's tables, shared by all clients.</summary>
public sealed class TableAccount
{
    private readonly ConcurrentDictionary<string, TableStore> _tables = new();

    public TableStore Table(string name) => _tables.GetOrAdd(name, added => new TableStore(added));
}
