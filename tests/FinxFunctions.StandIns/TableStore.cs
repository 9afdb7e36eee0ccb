using System.Globalization;
using Azure;
using Azure.Data.Tables;

namespace FinxFunctions.StandIns;

/// <summary>One table of a storage account, in memory: its rows in order, its conditions and its limits.</summary>
/// <remarks>learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model</remarks>
public sealed class TableStore(string name)
{
    private const int MaximumActions = 100;
    private const int MaximumKeyBytes = 1024;
    private const int MaximumText = 32 * 1024;
    private const int MaximumBytes = 64 * 1024;
    private const int MaximumRow = 1024 * 1024;
    private const int MaximumProperties = 252;

    private readonly SortedSet<Row> _rows = new(Row.Order);
    private readonly Lock _gate = new();
    private long _writes;

    public string Name { get; } = name;

    public bool IsCreated { get; set; }

    /// <summary>Called with each row that was written, as it was before and as it is now; null where there was or is none.</summary>
    public Action<TableStore, Row?, Row?>? Changed { get; set; }

    public Row? First
    {
        get
        {
            lock (_gate)
            {
                return _rows.Min;
            }
        }
    }

    public Row? Find(string partitionKey, string rowKey)
    {
        lock (_gate)
        {
            return _rows.TryGetValue(Row.Key(partitionKey, rowKey), out var row) ? row : null;
        }
    }

    /// <summary>All rows as they are now, for <see cref="Restore"/>.</summary>
    public IReadOnlyList<Row> Snapshot()
    {
        lock (_gate)
        {
            return [.. _rows];
        }
    }

    /// <summary>Holds older rows from now on, as after a restore or a fail-over: what was written since is not there.</summary>
    public void Restore(IEnumerable<Row> rows)
    {
        lock (_gate)
        {
            _rows.Clear();
            _rows.UnionWith(rows);
        }
    }

    /// <summary>Rows that match, in their order, from behind <paramref name="after"/>.</summary>
    public IReadOnlyList<Row> Query(RowFilter filter, Row? after, int limit)
    {
        lock (_gate)
        {
            Demand(IsCreated, TableError.TableNotFound);
            var (from, to) = (after ?? filter.From, filter.To);
            return Row.Order.Compare(from, to) > 0
                ? []
                : [.. _rows.GetViewBetween(from, to).Where(row => (after is null || Row.Order.Compare(row, after) > 0) && filter.Matches(row)).Take(limit)];
        }
    }

    /// <summary>Makes all changes or none; their ETags in the same order.</summary>
    public IReadOnlyList<string?> Submit(IReadOnlyList<TableTransactionAction> actions)
    {
        lock (_gate)
        {
            Demand(IsCreated, TableError.TableNotFound);
            Demand(actions.Count <= MaximumActions, () => TableError.Invalid("InvalidInput"));
            Demand(actions.All(action => action.Entity.PartitionKey == actions[0].Entity.PartitionKey), () => TableError.Invalid("CommandsInBatchActOnDifferentPartitions"));
            Demand(actions.DistinctBy(action => action.Entity.RowKey, StringComparer.Ordinal).Count() == actions.Count, () => TableError.Invalid("InvalidDuplicateRow"));
            List<(Row? Before, Row? After)> changes = [.. actions.Select(Change)];
            foreach (var (before, after) in changes)
            {
                if (before is not null)
                {
                    _rows.Remove(before);
                }

                if (after is not null)
                {
                    _rows.Add(after);
                }

                Changed?.Invoke(this, before, after);
            }

            return [.. changes.Select(change => change.After?.ETag)];
        }
    }

    private (Row? Before, Row? After) Change(TableTransactionAction action)
    {
        CheckKey(action.Entity.PartitionKey);
        CheckKey(action.Entity.RowKey);
        var before = Find(action.Entity.PartitionKey, action.Entity.RowKey);
        switch (action.ActionType)
        {
            case TableTransactionActionType.Add:
                Demand(before is null, TableError.EntityAlreadyExists);
                return (null, RowOf(action.Entity));
            case TableTransactionActionType.UpsertReplace:
                return (before, RowOf(action.Entity));
            case TableTransactionActionType.UpdateReplace:
                CheckCondition(before, action.ETag);
                return (before, RowOf(action.Entity));
            case TableTransactionActionType.Delete:
                CheckCondition(before, action.ETag);
                return (before, null);
            default:
                throw new NotSupportedException($"The stand-in does not know {action.ActionType}.");
        }
    }

    private static void CheckCondition(Row? before, ETag condition)
    {
        if (condition == default)
        {
            throw new NotSupportedException("The stand-in wants a condition, if only *.");
        }

        Demand(before is not null, TableError.ResourceNotFound);
        Demand(condition == ETag.All || condition.ToString() == before!.ETag, TableError.ConditionNotSatisfied);
    }

    private static void CheckKey(string key)
    {
        Demand(key.Length * sizeof(char) <= MaximumKeyBytes, () => TableError.Invalid("KeyValueTooLarge"));
        Demand(!key.Any(c => c is '/' or '\\' or '#' or '?' || char.IsControl(c)), () => TableError.Invalid("OutOfRangeInput"));
    }

    private Row RowOf(ITableEntity entity)
    {
        Dictionary<string, object> values = [];
        var size = 4 + ((entity.PartitionKey.Length + entity.RowKey.Length) * sizeof(char));
        foreach (var (name, value) in RowValues.Of(entity))
        {
            if (value is not null && name is not ("PartitionKey" or "RowKey" or "Timestamp" or "odata.etag"))
            {
                values[name] = value is DateTimeOffset at ? at.ToUniversalTime() : value;
                size += 8 + (name.Length * sizeof(char)) + SizeOf(value);
            }
        }

        Demand(values.Count <= MaximumProperties, () => TableError.Invalid("TooManyProperties"));
        Demand(size <= MaximumRow, () => TableError.Invalid("EntityTooLarge"));
        return new Row(entity.PartitionKey, entity.RowKey, values, string.Create(CultureInfo.InvariantCulture, $"W/\"{++_writes}\""));
    }

    private static int SizeOf(object value)
    {
        switch (value)
        {
            case bool:
                return 1;
            case int:
                return sizeof(int);
            case DateTimeOffset:
                return sizeof(long);
            case string text:
                Demand(text.Length <= MaximumText, () => TableError.Invalid("PropertyValueTooLarge"));
                return 4 + (text.Length * sizeof(char));
            case byte[] bytes:
                Demand(bytes.Length <= MaximumBytes, () => TableError.Invalid("PropertyValueTooLarge"));
                return 4 + bytes.Length;
            default:
                throw new NotSupportedException($"The stand-in does not know values of {value.GetType()}.");
        }
    }

    private static void Demand(bool condition, Func<RequestFailedException> refusal)
    {
        if (!condition)
        {
            throw refusal();
        }
    }
}
