using System.Collections.Concurrent;
using FinxFunctions.Diagnostics;

namespace FinxFunctions.State;

/// <summary>Counts the rows that cannot be read and are skipped, and logs each once.</summary>
public sealed partial class UnreadableRows(FinxMetrics metrics, ILogger<UnreadableRows> logger)
{
    /// <summary>The log is told of no more rows than this.</summary>
    private const int Limit = 1000;

    private readonly ConcurrentDictionary<(string, string), bool> _logged = new();

    /// <summary>A row that is skipped.</summary>
    /// <param name="failure">Why; null where its keys say enough.</param>
    public void Skip(string partitionKey, string rowKey, Exception? failure = null)
    {
        metrics.UnreadableRow();
        if (_logged.Count < Limit && _logged.TryAdd((partitionKey, rowKey), true))
        {
            LogSkipped(rowKey, partitionKey, failure);
        }
    }

    [LoggerMessage(95, LogLevel.Error, "Row {RowKey} of partition {PartitionKey} cannot be read, and is skipped.")]
    private partial void LogSkipped(string rowKey, string partitionKey, Exception? failure);
}
