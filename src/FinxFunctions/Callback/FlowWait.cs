using FinxFunctions.Rotation;

namespace FinxFunctions.Callback;

/// <summary>Repeats a step until it is done, for at most <c>Tokens__WaitLimit</c>.</summary>
public sealed class FlowWait(IOptions<TokenOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(300);

    /// <summary>The outcome of the last step. A step that changed the rows is followed by another one, past the limit too.</summary>
    public async Task<T> ForAsync<T>(Func<Task<(T Outcome, FlowProgress Progress)>> step, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() + options.Value.WaitLimit;
        while (true)
        {
            var (outcome, progress) = await step();
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
