using FinxFunctions.State;

namespace FinxFunctions.Connections;

/// <summary>A connection as JSON. Times are UTC, ISO 8601.</summary>
public sealed record ConnectionView(
    string ConnectionId,
    string UserId,
    string Status,
    int Generation,
    DateTimeOffset CreatedAt,
    DateTimeOffset? RefreshedAt,
    DateTimeOffset? RefreshExpiresAt,
    DateTimeOffset? NextRotationAt,
    DateTimeOffset? ConsentExpiresAt,
    string? Scope,
    string? Reason)
{
    public static ConnectionView Of(Connection connection, string userId) => new(
        connection.Id,
        userId,
        NameOf(connection.Status),
        connection.Generation,
        connection.CreatedAt,
        connection.RefreshedAt,
        connection.RefreshExpiresAt,
        connection.NextRotationAt,
        connection.ConsentExpiresAt,
        connection.Scope,
        connection.Reason);

    /// <summary>The status with this JSON name. Null if there is none.</summary>
    public static ConnectionStatus? StatusOf(string name) => Enum.GetValues<ConnectionStatus>().Cast<ConnectionStatus?>().FirstOrDefault(status => NameOf(status!.Value) == name);

    private static string NameOf(ConnectionStatus status) => status switch
    {
        ConnectionStatus.Pending => "pending",
        ConnectionStatus.Active => "active",
        ConnectionStatus.NeedsReconsent => "needs_reconsent",
        _ => "deleted",
    };
}
