namespace Finx.Tokens;

/// <summary>Bytes sealed with AES-256-GCM: nonce, tag and ciphertext, with the Key Vault secret version that holds the key.</summary>
internal sealed record Sealed(Uri KeyId, byte[] Bytes);
