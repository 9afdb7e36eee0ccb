using Polly;
using Polly.CircuitBreaker;

namespace FinxFunctions.Finx;

/// <summary>
/// The circuit of the token endpoint. It opens after many refreshes without a proper answer: finX was not reached, broke off, was silent for
/// <see cref="FinxOptions.TokenTimeout"/>, or answered a server error. Throttling and refusals are proper answers.
/// </summary>
public sealed class FinxCircuit
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    private readonly ResiliencePipeline<TokenExchange> _pipeline;
    private readonly TimeProvider _time;
    private long _untilTicks;

    public FinxCircuit(TimeProvider time)
    {
        _time = time;
        _pipeline = new ResiliencePipelineBuilder<TokenExchange> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<TokenExchange>
            {
                SamplingDuration = TimeSpan.FromSeconds(30),
                MinimumThroughput = 20,
                FailureRatio = 0.8,
                ShouldHandle = call => ValueTask.FromResult(call.Outcome is { Exception: TimeoutException } or { Result.IsFault: true }),
                BreakDurationGenerator = _ => ValueTask.FromResult(Open()),
            })
            .Build();
    }

    /// <summary>
    /// Whether finX should be left alone. The circuit breaker's own state does not say: it stays open until the next call, and a caller that
    /// asks first would never make one.
    /// </summary>
    public bool IsOpen => _time.GetUtcNow().UtcTicks < Volatile.Read(ref _untilTicks);

    /// <summary>Makes a call, and counts how it went.</summary>
    /// <exception cref="BrokenCircuitException">The circuit is open. The call was not made.</exception>
    /// <exception cref="TimeoutException">The call threw it. It counts as a failure.</exception>
    public ValueTask<TokenExchange> RunAsync(Func<Task<TokenExchange>> call) =>
        _pipeline.ExecuteAsync(static (begin, _) => new ValueTask<TokenExchange>(begin()), call, CancellationToken.None);

    /// <summary>Opens the circuit, and returns for how long.</summary>
    public TimeSpan Open()
    {
        Volatile.Write(ref _untilTicks, (_time.GetUtcNow() + Length).UtcTicks);
        return Length;
    }
}
