using Azure.Core;
using Azure.Core.Pipeline;

namespace FinxFunctions.Primitives;

/// <summary>
/// How clients of Azure services repeat calls. A caller waits meanwhile, for at most <c>Tokens__WaitLimit</c> (10 s). So a silent service costs
/// three time-outs of <see cref="NetworkTimeout"/> and two pauses, less than 9 s together, and one that asks to wait for longer than
/// <see cref="LongestPause"/> is not waited for: the caller gets the answer, which says how long.
/// </summary>
public sealed class AzureRetry() : RetryPolicy(MaxRetries, DelayStrategy.CreateExponentialDelayStrategy(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1)))
{
    private const int MaxRetries = 2;

    /// <summary>How long one try may be silent.</summary>
    public static readonly TimeSpan NetworkTimeout = TimeSpan.FromSeconds(2.5);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>Sets the retries and time-outs of a client.</summary>
    public static void Apply(ClientOptions options)
    {
        options.RetryPolicy = new AzureRetry();
        options.Retry.NetworkTimeout = NetworkTimeout;
    }

    protected override bool ShouldRetry(HttpMessage message, Exception? exception) => !AsksForLonger(message) && base.ShouldRetry(message, exception);

    protected override ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        AsksForLonger(message) ? ValueTask.FromResult(false) : base.ShouldRetryAsync(message, exception);

    private static bool AsksForLonger(HttpMessage message) => message.HasResponse && AzureFailure.RetryAfterOf(message.Response) > LongestPause;
}
