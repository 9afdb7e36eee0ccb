using Azure.Core;
using Azure.Core.Pipeline;

namespace FinxFunctions.Benchmarks.Hosts;

/// <summary>How far away a service is: every call takes as much longer.</summary>
internal sealed class Distance(TimeSpan delay) : HttpPipelinePolicy
{
    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException("Everything here is asynchronous.");

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        if (delay > TimeSpan.Zero)
            await Task.Delay(delay);
        await ProcessNextAsync(message, pipeline);
    }
}
