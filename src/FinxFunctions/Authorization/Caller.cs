namespace FinxFunctions.Authorization;

/// <summary>A caller of the service. A connection belongs to the caller that made it. For other callers it does not exist.</summary>
/// <param name="Id">The client id of the Entra application. With function keys all callers have the same id.</param>
public sealed record Caller(string Id)
{
    /// <summary>Every caller with a function key.</summary>
    public static Caller WithKey { get; } = new("function-key");
}
