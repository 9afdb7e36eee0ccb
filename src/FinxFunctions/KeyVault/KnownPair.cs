namespace FinxFunctions.KeyVault;

/// <summary>What a connection's rows know of its token pair.</summary>
/// <param name="SecretId">The exact secret version; null where the connection has no pair.</param>
/// <param name="Overflow">The overflow that belongs to <paramref name="SecretId"/>, if the pair is larger than a secret may be.</param>
public sealed record KnownPair(string ConnectionId, int Generation, Uri? SecretId, byte[]? Overflow);
