using System.ComponentModel.DataAnnotations;

namespace FinxFunctions.Rotation;

/// <summary>How tokens are kept alive. Section <c>Tokens</c>.</summary>
public sealed class TokenOptions
{
    public const string Section = "Tokens";

    /// <summary>How long an attempt may go on before another takes it over; at least twice <c>Finx__TokenTimeout</c>.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>How long a caller waits for a rotation that is under way elsewhere, before it is told to come again.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan WaitLimit { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an access token is handed out from memory. A connection that another instance deletes is served for as long.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan CacheDuration { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How much memory the access tokens that are handed out from memory may take, in megabytes. What does not fit is read again.</summary>
    [Range(1, 65_536)]
    public int CacheMegabytes { get; set; } = 256;

    /// <summary>
    /// How often a token whose presentation remained without an answer is presented again within <see cref="ReplayWindow"/>. With 0 it never
    /// is, and the connection ends.
    /// </summary>
    [Range(0, 10)]
    public int Replays { get; set; } = 1;

    /// <summary>The time after which <see cref="Replays"/> counts anew: an outage longer than this costs no connection.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan ReplayWindow { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Whether finX takes the second use of a refresh token for theft and revokes all that came of it. Then a token is not presented again
    /// while the access token in hand still serves.
    /// </summary>
    public bool ReuseRevokesFamily { get; set; }

    /// <summary>The share of a refresh token's life after which the timer exchanges it.</summary>
    [Range(0.01, 0.9)]
    public double RotateAfter { get; set; } = 0.5;

    /// <summary>The share of its life by which that moment is drawn forward at random, so that load is even.</summary>
    [Range(0.0, 0.5)]
    public double RotateJitter { get; set; } = 0.1;

    /// <summary>How long one tick of the timer begins new work; below the time between two ticks and the host's own limit.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan TickBudget { get; set; } = TimeSpan.FromMinutes(4);

    /// <summary>How many connections a tick works on at a time.</summary>
    [Range(1, 256)]
    public int TickConcurrency { get; set; } = 16;

    /// <summary>How many refreshes a second the timer asks of finX.</summary>
    [Range(1, 1000)]
    public int TickRefreshesPerSecond { get; set; } = 20;
}
