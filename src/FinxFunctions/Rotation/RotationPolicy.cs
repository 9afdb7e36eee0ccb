using FinxFunctions.Finx;
using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>When things are done: the next rotation, the next try, the next replay. Drawn with jitter, so that load is even.</summary>
public sealed class RotationPolicy(IOptions<TokenOptions> options, IOptions<FinxOptions> finx, TimeProvider time, Random random)
{
    private static readonly TimeSpan LeaseSpread = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestWish = TimeSpan.FromHours(1);

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Lets about so much time pass.</summary>
    public Task DelayAsync(TimeSpan about) => Task.Delay(about * (0.75 + (0.5 * random.NextDouble())), time);

    /// <summary>
    /// The end of a lease that begins now, up to a tenth of a second later than its length asks: two that begin at the same moment must not
    /// share an entry of the schedule, which the one that loses takes back.
    /// </summary>
    public DateTimeOffset LeaseExpiry() => Now + options.Value.Lease + (random.NextDouble() * LeaseSpread);

    /// <summary>Whether finX can answer before a lease ends.</summary>
    public bool HasTimeToRedeem(DateTimeOffset leaseUntil) => leaseUntil - Now >= finx.Value.TokenTimeout;

    /// <summary>When the bank's consent ends, as far as anybody tells.</summary>
    public DateTimeOffset ConsentExpiry(DateTimeOffset connectedAt) => connectedAt + finx.Value.ConsentLifetime;

    /// <summary>Whether a code is too old to be presented again.</summary>
    public bool IsCodeExpired(Lease lease) => Now - lease.StartedAt >= finx.Value.CodeLifetime;

    /// <summary>When the timer exchanges a refresh token: at a share of what is left of its life. Null where there is none.</summary>
    public DateTimeOffset? NextRotation(TokenPair pair)
    {
        var share = options.Value.RotateAfter - (options.Value.RotateJitter * random.NextDouble());
        return pair.RefreshToken is null ? null : pair.ObtainedAt + ((pair.RefreshExpiresAt - pair.ObtainedAt) * Math.Max(share, 0.01));
    }

    /// <summary>When to try again after so many passing failures in a row: twice as long each time, not before finX wishes.</summary>
    public DateTimeOffset RetryAt(int failures, TimeSpan? wish)
    {
        var pause = FirstPause * Math.Pow(2, Math.Clamp(failures - 1, 0, 16));
        var jittered = (pause < LongestPause ? pause : LongestPause) * (0.5 + (0.5 * random.NextDouble()));
        var asked = wish is { } wanted && wanted < LongestWish ? wanted : wish is null ? TimeSpan.Zero : LongestWish;
        return Now + (jittered > asked ? jittered : asked);
    }

    /// <summary>
    /// When a token whose last presentation has no answer may be presented again: at once while the policy's replays last, then a window
    /// later; never (null) where the policy allows no replay.
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

    /// <summary>The count of replays once a lease is presented anew: the window begins again with the first replay after its end.</summary>
    public int ReplaysAfter(Lease lease) => Now - lease.PresentedAt >= options.Value.ReplayWindow ? 1 : lease.Replays + 1;
}
