using Finx.Api;
using Microsoft.Extensions.Logging;

namespace Finx.Tokens;

/// <summary>What the rotation protocol says of itself: one event for each thing that happened, never a token.</summary>
internal sealed partial class RotationLog(ILogger<RotationProtocol> logger)
{
    [LoggerMessage(10, LogLevel.Information, "Connection {ConnectionId} is at generation {Generation} ({Kind}).")]
    public partial void Rotated(string connectionId, int generation, ClaimKind kind);

    [LoggerMessage(11, LogLevel.Information, "finX did not act on connection {ConnectionId}, generation {Generation}: {Why}.")]
    public partial void NotProcessed(string connectionId, int generation, string why);

    [LoggerMessage(12, LogLevel.Warning, "Connection {ConnectionId}, generation {Generation} ({Kind}): the outcome at finX is unknown, {Why}.")]
    public partial void Ambiguous(string connectionId, int generation, ClaimKind kind, string why);

    [LoggerMessage(13, LogLevel.Warning, "Connection {ConnectionId}, generation {Generation}: finX refused the token ({Error}); an earlier outcome was unknown: {Ambiguous}.")]
    public partial void Refused(string connectionId, int generation, FinxError error, bool ambiguous);

    [LoggerMessage(14, LogLevel.Error, "finX refused this client (status {Status}, {Error}) when asked for connection {ConnectionId}. No connection dies of it; check Finx__ClientId and Finx__ClientSecret.")]
    public partial void ClientRefused(string connectionId, int status, FinxError? error);

    [LoggerMessage(15, LogLevel.Warning, "Connection {ConnectionId} ended at generation {Generation}: {Reason}.")]
    public partial void Ended(string connectionId, int generation, string reason);

    [LoggerMessage(16, LogLevel.Warning, "Took over connection {ConnectionId} on its way to generation {Generation} ({Kind}); an answer was kept: {Kept}.")]
    public partial void TakenOver(string connectionId, int generation, ClaimKind kind, bool kept);

    [LoggerMessage(17, LogLevel.Error, "Table Storage did not take finX's answer for connection {ConnectionId}, generation {Generation}. It is held in memory and tried again.")]
    public partial void NotKept(string connectionId, int generation, Exception exception);

    [LoggerMessage(18, LogLevel.Warning, "Connection {ConnectionId}, generation {Generation}: an answer came after its claim had changed hands, and was kept.")]
    public partial void KeptLate(string connectionId, int generation);

    [LoggerMessage(19, LogLevel.Warning, "Connection {ConnectionId}, generation {Generation}: Key Vault takes the pair later; it is served from the sealed answer.")]
    public partial void VaultLater(string connectionId, int generation, Exception exception);

    [LoggerMessage(20, LogLevel.Warning, "Connection {ConnectionId}, generation {Generation}: Table Storage commits later; the answer is kept.")]
    public partial void CommitLater(string connectionId, int generation, Exception exception);
}
