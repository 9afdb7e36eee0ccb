namespace FinxFunctions.Authorization;

/// <summary>What a caller may do: the app roles of the Entra app registration.</summary>
public static class CallerRole
{
    public const string CreateLinks = "Links.Create";
    public const string ReadConnections = "Connections.Read";
    public const string ReadTokens = "Tokens.Read";
    public const string DeleteConnections = "Connections.Delete";
}
