namespace FinxFunctions.KeyVault;

/// <summary>Bytes sealed with AES-256-GCM: nonce, tag and ciphertext, with the Key Vault secret version that holds the key.</summary>
public sealed record EncryptedValue(Uri KeyId, byte[] Bytes);
