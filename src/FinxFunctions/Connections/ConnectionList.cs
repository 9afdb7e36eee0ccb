namespace FinxFunctions.Connections;

/// <summary>A page of connections on the wire.</summary>
public sealed record ConnectionList(IReadOnlyList<ConnectionView> Connections, string? Next);
