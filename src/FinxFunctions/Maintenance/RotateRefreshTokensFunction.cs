using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Maintenance;

/// <summary>Replaces refresh tokens before they expire, and finishes interrupted work. A tick that runs twice, or not at all, does no harm.</summary>
public sealed class RotateRefreshTokensFunction(RotationTimer rotation)
{
    [Function("RotateRefreshTokens")]
    public Task Run([TimerTrigger("%RotationSchedule%")] TimerInfo timer, CancellationToken cancellationToken) => rotation.TickAsync(cancellationToken);
}
