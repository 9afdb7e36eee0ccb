using FinxFunctions.Rotation;

namespace FinxFunctions.Callback;

/// <summary>Repeats a step until it is done, for at most <c>Tokens__WaitLimit</c>.</summary>
public sealed class FlowWait(IOptions<TokenOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(300);

    /// <summary>How long a step may take at least, so that rows can be read where the limit is 0.</summary>
    private static readonly TimeSpan ShortestStep = TimeSpan.FromSeconds(1);

    /// <summary>The outcome of the last step. A step that takes longer than the limit goes on, and nobody waits for it.</summary>
    /// <param name="unfinished">The outcome where a step takes too long.</param>
    public async Task<T> ForAsync<T>(Func<Task<(T Outcome, FlowProgress Progress)>> step, Func<T> unfinished, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() + options.Value.WaitLimit;
        while (true)
        {
            var left = until - time.GetUtcNow();
            var running = step();
            try
            {
                await running.WaitAsync(left > ShortestStep ? left : ShortestStep, time, cancellationToken);
            }
            catch (TimeoutException) when (!running.IsFaulted)
            {
                if (!running.IsCompleted)
                {
                    return unfinished();
                }
            }

            var (outcome, progress) = await running;
            if (progress is FlowProgress.Done)
            {
                return outcome;
            }

            if (progress is FlowProgress.Unchanged)
            {
                await Task.Delay(Poll, time, cancellationToken);
                if (time.GetUtcNow() >= until)
                {
                    return outcome;
                }
            }
        }
    }
}
