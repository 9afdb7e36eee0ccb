using System.Text;

namespace FinxFunctions.KeyVault;

/// <summary>A data key in memory. Encryption with it needs no network.</summary>
/// <param name="id">The exact Key Vault secret version, which is stored with each encrypted value.</param>
public sealed class DataKey(Uri id, byte[] key)
{
    public Uri Id { get; } = id;

    /// <summary>Encrypts bytes for one generation of one connection. They cannot be decrypted for another.</summary>
    public EncryptedValue Encrypt(ReadOnlySpan<byte> plaintext, string connectionId, int generation) =>
        new(Id, AesGcmCipher.Encrypt(key, plaintext, ContextOf(connectionId, generation)));

    /// <summary>Encrypts a text that belongs to a connection, and to none of its generations.</summary>
    public EncryptedValue Encrypt(string text, string connectionId) => Encrypt(Encoding.UTF8.GetBytes(text), connectionId, NoGeneration);

    /// <exception cref="System.Security.Cryptography.CryptographicException">The bytes were encrypted for another connection or generation, or were changed.</exception>
    public byte[] Decrypt(EncryptedValue value, string connectionId, int generation) => AesGcmCipher.Decrypt(key, value.Bytes, ContextOf(connectionId, generation));

    /// <summary>Token pairs begin at 1.</summary>
    public const int NoGeneration = 0;

    private static byte[] ContextOf(string connectionId, int generation) => Encoding.UTF8.GetBytes($"{connectionId}/{generation}");
}
