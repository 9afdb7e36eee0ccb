namespace FinxFunctions.KeyVault;

/// <summary>The newest token pair of a connection that Key Vault has.</summary>
/// <param name="SecretId">The exact secret version.</param>
/// <param name="IsNewer">Whether its generation is higher than that of the connection's row.</param>
public sealed record FoundPair(TokenPair Pair, Uri SecretId, bool IsNewer);
