using Polly;
using Polly.CircuitBreaker;

namespace FinxFunctions.Finx;

/// <summary>
/// The circuit of the token endpoint. It opens after many refreshes without a proper answer: finX was not reached, broke off, was silent for
/// <see cref="FinxOptions.TokenTimeout"/>, or answered a server error. Throttling and refusals are proper answers. After 10 seconds calls are
/// made again, and the first failure opens it anew.
/// </summary>
public sealed class FinxCircuit
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    private readonly ResiliencePipeline<bool> _pipeline;
    private readonly TimeProvider _time;
    private long _untilTicks;

    public FinxCircuit(TimeProvider time)
    {
        _time = time;
        _pipeline = new ResiliencePipelineBuilder<bool> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<bool>
            {
                SamplingDuration = TimeSpan.FromSeconds(30),
                MinimumThroughput = 20,
                FailureRatio = 0.8,
                ShouldHandle = call => ValueTask.FromResult(call.Outcome.Result),
                BreakDurationGenerator = _ => ValueTask.FromResult(Open()),
            })
            .Build();
    }

    /// <summary>
    /// Whether finX should be left alone. The circuit breaker's own state does not say: it stays open until the next call, and a caller that
    /// asks first would never make one.
    /// </summary>
    public bool IsOpen => _time.GetUtcNow().UtcTicks < Volatile.Read(ref _untilTicks);

    /// <summary>Counts how a call went. The breaker sees the outcome only, because the call goes on after its time-out.</summary>
    public void Count(bool isFault)
    {
        try
        {
            _pipeline.Execute(static fault => fault, isFault);
        }
        catch (BrokenCircuitException)
        {
            // The call had begun before the circuit opened.
        }
    }

    /// <summary>Opens the circuit, and returns for how long.</summary>
    public TimeSpan Open()
    {
        Volatile.Write(ref _untilTicks, (_time.GetUtcNow() + Length).UtcTicks);
        return Length;
    }
}
