using FinxFunctions.Finx;
using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>When things happen: the next rotation, retry and replay, and the end of a lease. Times carry jitter, so that load is even.</summary>
public sealed class RotationPolicy(IOptions<TokenOptions> options, IOptions<FinxOptions> finx, TimeProvider time, Random random)
{
    private static readonly TimeSpan LeaseSpread = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestWish = TimeSpan.FromHours(1);
    private static readonly TimeSpan FirstCodePause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestCodePause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestCodeWish = TimeSpan.FromMinutes(1);

    /// <summary>The time now, in UTC.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Waits for <paramref name="about"/>, give or take a quarter.</summary>
    public Task DelayAsync(TimeSpan about) => Task.Delay(about * (0.75 + (0.5 * random.NextDouble())), time);

    /// <summary>
    /// The end of a lease that begins now, with up to 100 ms of jitter. Two leases that begin at the same moment must not share a due entry,
    /// because the process that loses deletes it.
    /// </summary>
    public DateTimeOffset LeaseExpiry() => Now + options.Value.Lease + (random.NextDouble() * LeaseSpread);

    /// <summary>Whether finX can answer before a lease expires.</summary>
    public bool HasTimeToRedeem(DateTimeOffset leaseExpiresAt) => leaseExpiresAt - Now >= finx.Value.TokenTimeout;

    /// <summary>Until when finX's answer is awaited: a tenth of a lease before it expires, so that the answer can still be persisted.</summary>
    public DateTimeOffset AnswerDeadline(Lease lease) => lease.ExpiresAt - (options.Value.Lease / 10);

    /// <summary>How long to wait before finX is asked again about a refresh token that it refused.</summary>
    public TimeSpan RefusalPause => options.Value.RefusalPause;

    /// <summary>Whether the life of the refresh token is over, as finX stated it or as it is configured.</summary>
    public bool IsOver(Connection connection) => connection.RefreshExpiresAt <= Now;

    /// <summary>When the consent began that ends at a time.</summary>
    public DateTimeOffset ConsentBegan(DateTimeOffset consentExpiresAt) => consentExpiresAt - finx.Value.ConsentLifetime;

    /// <summary>When the bank's consent ends. finX does not say: this is the connection's beginning and <see cref="FinxOptions.ConsentLifetime"/>.</summary>
    public DateTimeOffset ConsentExpiry(DateTimeOffset connectedAt) => connectedAt + finx.Value.ConsentLifetime;

    /// <summary>Whether a code is too old to be presented again.</summary>
    public bool IsCodeExpired(Lease lease) => Now - lease.StartedAt >= finx.Value.CodeLifetime;

    /// <summary>
    /// When to present a code again: a user is waiting, so the pauses grow from about 1 second to 15. Of finX's wish a minute counts at most.
    /// Null where the code's life is over by then.
    /// </summary>
    public DateTimeOffset? CodeRetryAt(Lease lease, TimeSpan? wish)
    {
        var pause = FirstCodePause * Math.Pow(2, Math.Clamp(lease.Failures, 0, 16));
        pause = (pause < LongestCodePause ? pause : LongestCodePause) * (0.75 + (0.5 * random.NextDouble()));
        var asked = wish is { } wanted && wanted > pause ? (wanted < LongestCodeWish ? wanted : LongestCodeWish) : pause;
        var left = lease.StartedAt + finx.Value.CodeLifetime - Now;
        return asked < left ? Now + asked : pause < left ? Now + pause : null;
    }

    /// <summary>
    /// When a refresh token may be presented whose lease gave way to a code. Its presentations are not counted any more, so the whole window
    /// passes first. Null where the policy allows no replay.
    /// </summary>
    public DateTimeOffset? ReplayAfterWindow(Lease lease, Connection connection) => ReplayAt(lease with { Replays = int.MaxValue }, connection);

    /// <summary>When the timer redeems a refresh token: after a share of its life. Null where there is no refresh token.</summary>
    public DateTimeOffset? NextRotation(TokenPair pair)
    {
        var share = options.Value.RotateAfter - (options.Value.RotateJitter * random.NextDouble());
        return pair.RefreshToken is null ? null : pair.ObtainedAt + ((pair.RefreshExpiresAt - pair.ObtainedAt) * Math.Max(share, 0.01));
    }

    /// <summary>When to try again: exponential backoff with jitter, from 2 seconds to 5 minutes, and not before finX wishes.</summary>
    /// <param name="failures">Failures in a row, from 1.</param>
    /// <param name="wish">How long finX asks to be left alone, of which an hour counts at most; null where it does not say.</param>
    public DateTimeOffset RetryAt(int failures, TimeSpan? wish)
    {
        var backoff = FirstBackoff * Math.Pow(2, Math.Clamp(failures - 1, 0, 16));
        var jittered = (backoff < LongestBackoff ? backoff : LongestBackoff) * (0.5 + (0.5 * random.NextDouble()));
        var asked = wish is { } wanted && wanted < LongestWish ? wanted : wish is null ? TimeSpan.Zero : LongestWish;
        return Now + (jittered > asked ? jittered : asked);
    }

    /// <summary>
    /// When a token whose last presentation has no answer may be presented again: at once while replays are left, then after the window.
    /// Null where the policy allows no replay.
    /// </summary>
    public DateTimeOffset? ReplayAt(Lease lease, Connection connection)
    {
        if (options.Value.Replays == 0)
        {
            return null;
        }

        var allowed = lease.Replays < options.Value.Replays ? Now : lease.PresentedAt + options.Value.ReplayWindow;
        return options.Value.ReuseRevokesFamily && lease.Kind is LeaseKind.Refresh && connection.AccessExpiresAt is { } serves && serves > allowed ? serves : allowed;
    }

    /// <summary>The number of replays once a lease's token is presented again. It counts anew with the first replay after the window.</summary>
    public int ReplaysAfter(Lease lease) => Now - lease.PresentedAt >= options.Value.ReplayWindow ? 1 : lease.Replays + 1;
}
