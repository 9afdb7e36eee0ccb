namespace FinxFunctions.KeyVault;

/// <summary>A token pair as it was kept.</summary>
/// <param name="SecretId">The exact secret version.</param>
/// <param name="Overflow">The pair, sealed by a key that the secret holds, where it is larger than a secret may be.</param>
public sealed record StoredTokenPair(Uri SecretId, byte[]? Overflow);
