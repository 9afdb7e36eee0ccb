namespace FinxFunctions.Authorization;

/// <summary>Who calls. A connection belongs to the caller that made it, and to others it does not exist.</summary>
/// <param name="Id">The client id of the Entra application; the one name of all where function keys tell nobody apart.</param>
public sealed record Caller(string Id)
{
    /// <summary>Whoever has a function key.</summary>
    public static Caller WithKey { get; } = new("function-key");
}
