namespace FinxFunctions.KeyVault;

/// <summary>Where a token pair is stored.</summary>
/// <param name="SecretId">The exact secret version.</param>
/// <param name="Overflow">The pair, encrypted under a key that the secret holds, if the pair is larger than a secret may be; else null.</param>
public sealed record StoredTokenPair(Uri SecretId, byte[]? Overflow);
