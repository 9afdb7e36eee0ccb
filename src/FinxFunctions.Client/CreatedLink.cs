namespace FinxFunctions.Client;

/// <summary>A link to the widget.</summary>
/// <param name="FlowId">finX's id of the flow.</param>
/// <param name="Location">Where to send the user; for that user alone, never to be logged or mailed.</param>
/// <param name="ExpiresAt">When it is too late to come back, UTC.</param>
public sealed record CreatedLink(string ConnectionId, string FlowId, Secret Location, DateTimeOffset ExpiresAt);
