using System.Security.Cryptography;

namespace FinxFunctions.KeyVault;

/// <summary>AES-256-GCM (NIST SP 800-38D) with a random nonce. The result is nonce, tag and ciphertext, in this order.</summary>
public static class AesGcmCipher
{
    public const int KeySize = 32;

    private static int NonceSize => AesGcm.NonceByteSizes.MaxSize;

    private static int TagSize => AesGcm.TagByteSizes.MaxSize;

    public static byte[] Encrypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> context)
    {
        var result = new byte[NonceSize + TagSize + plaintext.Length];
        var nonce = result.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(nonce, plaintext, result.AsSpan(NonceSize + TagSize), result.AsSpan(NonceSize, TagSize), context);
        return result;
    }

    /// <exception cref="CryptographicException">The bytes, the key or the context are not those of the encryption.</exception>
    public static byte[] Decrypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> context)
    {
        if (bytes.Length < NonceSize + TagSize)
        {
            throw new CryptographicException("Too short to be a ciphertext.");
        }

        var plaintext = new byte[bytes.Length - NonceSize - TagSize];
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(bytes[..NonceSize], bytes[(NonceSize + TagSize)..], bytes.Slice(NonceSize, TagSize), plaintext, context);
        return plaintext;
    }
}
