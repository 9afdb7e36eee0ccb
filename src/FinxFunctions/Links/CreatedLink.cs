using FinxFunctions.State;

namespace FinxFunctions.Links;

/// <summary>A link on the wire. Times are UTC, ISO 8601.</summary>
/// <param name="FlowId">finX's id of the flow.</param>
/// <param name="Location">The address of the widget. It is for this user only: do not log or mail it.</param>
/// <param name="ExpiresAt">The user must return before this time.</param>
public sealed record CreatedLink(string ConnectionId, string FlowId, string Location, DateTimeOffset ExpiresAt)
{
    public static CreatedLink Of(string connectionId, Link link, string location) => new(connectionId, link.FlowId, location, link.ExpiresAt);
}
