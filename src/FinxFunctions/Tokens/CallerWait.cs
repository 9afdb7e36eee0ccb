using FinxFunctions.Rotation;

namespace FinxFunctions.Tokens;

/// <summary>Limits how long a caller waits, by <see cref="TokenOptions.WaitLimit"/>. The work goes on behind.</summary>
public sealed class CallerWait(IOptions<TokenOptions> options, TimeProvider time)
{
    /// <summary>The stores need this long, also where no caller is to wait for another process.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    /// <summary>The time now, in UTC.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>The result; null where it took longer than the limit.</summary>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public async Task<T?> ForAsync<T>(Task<T> work, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await work.WaitAsync(options.Value.WaitLimit > Least ? options.Value.WaitLimit : Least, time, cancellationToken);
        }
        catch (TimeoutException) when (!work.IsCompleted)
        {
            return null;
        }
    }
}
