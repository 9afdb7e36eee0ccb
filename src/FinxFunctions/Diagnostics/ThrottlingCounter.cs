using Azure.Core;
using Azure.Core.Pipeline;

namespace FinxFunctions.Diagnostics;

/// <summary>Counts, try by try, what an Azure service refuses for its number.</summary>
public sealed class ThrottlingCounter(FinxMetrics metrics, string dependency) : HttpPipelineSynchronousPolicy
{
    public override void OnReceivedResponse(HttpMessage message)
    {
        if (message.Response.Status is 429 or 503)
        {
            metrics.Throttled(dependency);
        }
    }
}
