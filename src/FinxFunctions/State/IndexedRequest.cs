using Azure;

namespace FinxFunctions.State;

/// <summary>What an Idempotency-Key stands for: one request of one caller.</summary>
/// <param name="Key">Keyed hash of the caller and its key, in hex.</param>
/// <param name="RequestHash">Keyed hash of the request.</param>
/// <param name="ExpiresAt">From then on the key can be used for another request.</param>
public sealed record IndexedRequest(string Key, string RequestHash, DateTimeOffset ExpiresAt)
{
    /// <summary>The version that was read; the default for a new one.</summary>
    public ETag ETag { get; init; }
}
