using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Maintenance;

/// <summary>Exchanges refresh tokens before they end, and finishes what was left unfinished. The timer may run twice or not at all: neither does harm.</summary>
public sealed class RotateRefreshTokensFunction(RotationTimer rotation)
{
    [Function("RotateRefreshTokens")]
    public Task Run([TimerTrigger("%RotationSchedule%")] TimerInfo timer, CancellationToken cancellationToken) => rotation.TickAsync(cancellationToken);
}
