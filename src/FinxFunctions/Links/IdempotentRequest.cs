namespace FinxFunctions.Links;

/// <summary>A request with an Idempotency-Key, as the rows know it.</summary>
/// <param name="Key">Keyed hash of the caller's Idempotency-Key, in hex.</param>
/// <param name="RequestHash">Keyed hash of the request, which distinguishes it from another request with the same key.</param>
public sealed record IdempotentRequest(string Key, string RequestHash)
{
    /// <summary>The id of the connection that this request creates. It follows from the key, so that a repeated request finds the first one's connection.</summary>
    public string NewConnectionId => Key[..32];
}
