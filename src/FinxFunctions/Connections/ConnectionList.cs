namespace FinxFunctions.Connections;

/// <summary>A page of connections as JSON.</summary>
public sealed record ConnectionList(IReadOnlyList<ConnectionView> Connections, string? Next);
