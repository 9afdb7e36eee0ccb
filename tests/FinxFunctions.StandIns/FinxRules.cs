namespace FinxFunctions.StandIns;

/// <summary>How finX in memory behaves where finX's documents leave it open.</summary>
public sealed record FinxRules(ReuseMode Reuse)
{
    public TimeSpan GraceWindow { get; init; } = TimeSpan.FromMinutes(30);

    public TimeSpan CodeLifetime { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan AccessTokenLifetime { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan RefreshTokenLifetime { get; init; } = TimeSpan.FromDays(90);
}
