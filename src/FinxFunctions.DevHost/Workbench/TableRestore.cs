using Azure.Data.Tables;
using FinxFunctions.DevHost.Local;

namespace FinxFunctions.DevHost.Workbench;

/// <summary>Puts Azurite's tables back to a former moment, as an operator does who restores a copy.</summary>
public sealed class TableRestore(LocalServices local) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private Dictionary<string, List<TableEntity>>? _memory;

    /// <summary>Whether the tables are Azurite's. Other tables are left alone.</summary>
    public bool IsPossible => local.Tables is not null;

    /// <summary>Whether there is a moment to go back to.</summary>
    public bool HasMemory => _memory is not null;

    /// <summary>Copies all rows.</summary>
    public Task RememberAsync() => AloneAsync(async tables =>
    {
        Dictionary<string, List<TableEntity>> memory = [];
        await foreach (var table in tables.QueryAsync())
            memory[table.Name] = await RowsAsync(tables.GetTableClient(table.Name));
        _memory = memory;
    });

    /// <summary>Writes the rows of the copy again and deletes all others.</summary>
    public Task RestoreAsync() => AloneAsync(async tables =>
    {
        var memory = _memory ?? [];
        await foreach (var item in tables.QueryAsync())
        {
            var table = tables.GetTableClient(item.Name);
            var former = memory.GetValueOrDefault(item.Name, []);
            var kept = former.Select(row => (row.PartitionKey, row.RowKey)).ToHashSet();
            foreach (var row in (await RowsAsync(table)).Where(row => !kept.Contains((row.PartitionKey, row.RowKey))))
                await table.DeleteEntityAsync(row.PartitionKey, row.RowKey);
            foreach (var row in former)
                await table.UpsertEntityAsync(row, TableUpdateMode.Replace);
        }
        _memory = null;
    });

    public void Dispose() => _gate.Dispose();

    private async Task AloneAsync(Func<TableServiceClient, Task> act)
    {
        await _gate.WaitAsync();
        try
        {
            await act(new TableServiceClient(local.Tables!.ConnectionString));
        }
        finally
        {
            _gate.Release();
        }
    }

    private static async Task<List<TableEntity>> RowsAsync(TableClient table)
    {
        List<TableEntity> rows = [];
        await foreach (var row in table.QueryAsync<TableEntity>())
            rows.Add(row);
        return rows;
    }
}
