namespace FinxFunctions.Client;

/// <summary>A bank connection of a user. Times are UTC.</summary>
/// <param name="Generation">Grows by one with each token pair; 0 before the first.</param>
/// <param name="RefreshedAt">When the current token pair was issued.</param>
/// <param name="RefreshExpiresAt">When its refresh token would be over.</param>
/// <param name="NextRotationAt">When the service will exchange it.</param>
/// <param name="ConsentExpiresAt">When the bank's consent is over, by what the service is configured with.</param>
/// <param name="Reason">Why only the user can bring it back, as <see cref="NeedsReconsentException.Reason"/>.</param>
public sealed record Connection(
    string ConnectionId,
    string UserId,
    ConnectionStatus Status,
    int Generation,
    DateTimeOffset CreatedAt,
    DateTimeOffset? RefreshedAt,
    DateTimeOffset? RefreshExpiresAt,
    DateTimeOffset? NextRotationAt,
    DateTimeOffset? ConsentExpiresAt,
    string? Scope,
    string? Reason);
