using Azure.Core;
using Azure.Core.Pipeline;

namespace FinxFunctions.State;

/// <summary>
/// Gives a query over many partitions more time than other calls: Table Storage may search for five seconds before it answers with a part
/// (learn.microsoft.com/rest/api/storageservices/query-timeout-and-pagination). No caller who asks for a token waits for such a query.
/// </summary>
public sealed class ScanTimeout : HttpPipelineSynchronousPolicy
{
    private static readonly TimeSpan NetworkTimeout = TimeSpan.FromSeconds(7);

    public override void OnSendingRequest(HttpMessage message)
    {
        if (message.Request.Method == RequestMethod.Get && message.Request.Uri.Query is { } query && query.Contains("filter", StringComparison.Ordinal) && !query.Contains("PartitionKey%20eq", StringComparison.Ordinal))
        {
            message.NetworkTimeout = NetworkTimeout;
        }
    }
}
