using System.Text;

namespace Finx.Tokens;

/// <summary>A key in hand: sealing with it needs no network and cannot fail.</summary>
/// <param name="id">The exact Key Vault secret version, which goes with what is sealed.</param>
internal sealed class SealingKey(Uri id, byte[] key)
{
    public Uri Id { get; } = id;

    /// <summary>Seals bytes for one generation of one connection; they open in no other place.</summary>
    public Sealed Seal(ReadOnlySpan<byte> plaintext, string connectionId, int generation) =>
        new(Id, AesSeal.Seal(key, plaintext, ContextOf(connectionId, generation)));

    /// <summary>Seals what belongs to a connection and to no generation of it.</summary>
    public Sealed Seal(string text, string connectionId) => Seal(Encoding.UTF8.GetBytes(text), connectionId, NoGeneration);

    /// <exception cref="System.Security.Cryptography.CryptographicException">The bytes belong elsewhere, or were changed.</exception>
    public byte[] Open(Sealed value, string connectionId, int generation) => AesSeal.Open(key, value.Bytes, ContextOf(connectionId, generation));

    /// <summary>Token pairs begin at 1.</summary>
    internal const int NoGeneration = 0;

    private static byte[] ContextOf(string connectionId, int generation) => Encoding.UTF8.GetBytes($"{connectionId}/{generation}");
}
