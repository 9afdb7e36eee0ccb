using System.ComponentModel.DataAnnotations;

namespace FinxFunctions.Rotation;

/// <summary>How tokens are kept alive. Section <c>Tokens</c>.</summary>
public sealed class TokenOptions
{
    public const string Section = "Tokens";

    /// <summary>How long a lease lasts: after that, another process may take the attempt over. At least twice <c>Finx__TokenTimeout</c>.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>How long a caller waits for a rotation of another process before it is asked to try again.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan WaitLimit { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an access token is served from memory. So long can a connection be served that another instance has deleted.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan CacheDuration { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How much memory the cached tokens may take, in megabytes. A token that does not fit is read from the stores.</summary>
    [Range(1, 65_536)]
    public int CacheMegabytes { get; set; } = 256;

    /// <summary>
    /// How often a token whose presentation got no answer is presented again within <see cref="ReplayWindow"/>. With 0 it is not presented
    /// again, and the connection ends.
    /// </summary>
    [Range(0, 10)]
    public int Replays { get; set; } = 1;

    /// <summary>The time after which <see cref="Replays"/> counts anew, so that a long outage ends no connection.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan ReplayWindow { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Whether finX treats the second use of a refresh token as theft and revokes all tokens that followed from it. If so, a token is not
    /// presented again while the current access token is valid.
    /// </summary>
    public bool ReuseRevokesFamily { get; set; }

    /// <summary>How long to wait before finX is asked again about a refresh token that it refused. Only the second refusal ends the connection.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan RefusalPause { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Where an access token is read from that is not in memory.</summary>
    public ColdReads ColdReads { get; set; } = ColdReads.Vault;

    /// <summary>
    /// A directory on the instance's own disk for answers of finX that are about to be persisted, encrypted. With it, the death of a process
    /// costs no answer as long as its instance lives. Empty for none.
    /// </summary>
    public string? JournalDirectory { get; set; }

    /// <summary>The share of a refresh token's life after which the timer exchanges it.</summary>
    [Range(0.01, 0.9)]
    public double RotateAfter { get; set; } = 0.5;

    /// <summary>The share of its life by which that moment comes earlier at random, so that load is even.</summary>
    [Range(0.0, 0.5)]
    public double RotateJitter { get; set; } = 0.1;

    /// <summary>How long one tick of the timer begins new work. It must be shorter than the time between two ticks and the host's limit for a function.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan TickBudget { get; set; } = TimeSpan.FromMinutes(4);

    /// <summary>How many connections a tick works on at a time.</summary>
    [Range(1, 256)]
    public int TickConcurrency { get; set; } = 16;

    /// <summary>How many refreshes a second the timer asks of finX.</summary>
    [Range(1, 1000)]
    public int TickRefreshesPerSecond { get; set; } = 20;
}
