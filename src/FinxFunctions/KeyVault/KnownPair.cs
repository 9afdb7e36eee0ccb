namespace FinxFunctions.KeyVault;

/// <summary>What a connection's rows know of its token pair.</summary>
/// <param name="Vault">The vault that holds it.</param>
/// <param name="Generation">The number of the pair among the connection's.</param>
/// <param name="SecretId">The exact secret version; null where the connection has no pair.</param>
/// <param name="Overflow">The overflow that belongs to <paramref name="SecretId"/>, if the pair is larger than a secret may be.</param>
public sealed record KnownPair(Uri Vault, string ConnectionId, int Generation, Uri? SecretId, byte[]? Overflow);
