namespace FinxFunctions.Links;

/// <summary>The query parameters that tell the outcome at the return address; a return address must not bring its own.</summary>
public static class ReturnParameters
{
    public const string ConnectionId = "connection_id";
    public const string State = "state";
    public const string Status = "status";
    public const string Error = "error";

    public static IReadOnlyList<string> All { get; } = [ConnectionId, State, Status, Error];
}
