using System.Text;

namespace FinxFunctions.KeyVault;

/// <summary>A key in hand: dataKey with it needs no network and cannot fail.</summary>
/// <param name="id">The exact Key Vault secret version, which goes with what is sealed.</param>
public sealed class DataKey(Uri id, byte[] key)
{
    public Uri Id { get; } = id;

    /// <summary>Seals bytes for one generation of one connection; they open in no other place.</summary>
    public EncryptedValue Encrypt(ReadOnlySpan<byte> plaintext, string connectionId, int generation) =>
        new(Id, AesGcmCipher.Encrypt(key, plaintext, ContextOf(connectionId, generation)));

    /// <summary>Seals what belongs to a connection and to no generation of it.</summary>
    public EncryptedValue Encrypt(string text, string connectionId) => Encrypt(Encoding.UTF8.GetBytes(text), connectionId, NoGeneration);

    /// <exception cref="System.Security.Cryptography.CryptographicException">The bytes belong elsewhere, or were changed.</exception>
    public byte[] Decrypt(EncryptedValue value, string connectionId, int generation) => AesGcmCipher.Decrypt(key, value.Bytes, ContextOf(connectionId, generation));

    /// <summary>Token pairs begin at 1.</summary>
    public const int NoGeneration = 0;

    private static byte[] ContextOf(string connectionId, int generation) => Encoding.UTF8.GetBytes($"{connectionId}/{generation}");
}
