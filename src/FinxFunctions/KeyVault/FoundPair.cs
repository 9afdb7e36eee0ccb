namespace FinxFunctions.KeyVault;

/// <summary>A token pair found in a vault, and the secret version that holds it.</summary>
/// <param name="IsNewer">Whether its generation is higher than the connection's row says.</param>
public sealed record FoundPair(TokenPair Pair, Uri SecretId, bool IsNewer);
