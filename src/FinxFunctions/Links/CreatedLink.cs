namespace FinxFunctions.Links;

/// <summary>A link as the caller gets it.</summary>
/// <param name="Location">Where to send the user; for that user alone, never to be logged or mailed.</param>
public sealed record CreatedLink(string ConnectionId, string FlowId, string Location, DateTimeOffset ExpiresAt);
