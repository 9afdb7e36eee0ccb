namespace FinxFunctions.KeyVault;

/// <summary>Bytes encrypted with AES-256-GCM (nonce, tag and ciphertext), and the Key Vault secret version that holds the data key.</summary>
public sealed record EncryptedValue(Uri KeyId, byte[] Bytes);
