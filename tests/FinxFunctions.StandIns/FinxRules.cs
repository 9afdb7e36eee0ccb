namespace FinxFunctions.StandIns;

/// <summary>How finX in memory behaves where finX's documents leave it open.</summary>
public sealed record FinxRules(ReuseMode Reuse)
{
    public TimeSpan GraceWindow { get; init; } = TimeSpan.FromMinutes(30);

    public TimeSpan CodeLifetime { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan AccessTokenLifetime { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan RefreshTokenLifetime { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long one of its two nodes does not know a new code or refresh token yet. That node refuses it, and does not spend it.</summary>
    public TimeSpan NodeLag { get; init; }

    /// <summary>How long it throttles a grant that has just brought tokens.</summary>
    public TimeSpan GrantThrottle { get; init; }
}
