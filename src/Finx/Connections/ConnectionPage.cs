namespace Finx.Connections;

/// <summary>Connections, and where to go on; null at the end.</summary>
public sealed record ConnectionPage(IReadOnlyList<Connection> Connections, string? Next);
