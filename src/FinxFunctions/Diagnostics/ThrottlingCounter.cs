using Azure.Core;
using Azure.Core.Pipeline;

namespace FinxFunctions.Diagnostics;

/// <summary>Counts each try that an Azure service throttles.</summary>
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
