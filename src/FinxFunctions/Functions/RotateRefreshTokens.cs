using Finx.Tokens;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Functions;

/// <summary>Exchanges refresh tokens before they end, and finishes what was left unfinished. The timer may run twice or not at all: neither does harm.</summary>
public sealed class RotateRefreshTokens(RotationTimer rotation)
{
    [Function(nameof(RotateRefreshTokens))]
    public Task Run([TimerTrigger("%RotationSchedule%")] TimerInfo timer, CancellationToken cancellationToken) => rotation.TickAsync(cancellationToken);
}
