namespace FinxFunctions.Client;

internal sealed record ConnectionPage(IReadOnlyList<Connection> Connections, string? Next);
