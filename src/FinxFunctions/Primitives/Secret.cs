using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace FinxFunctions.Primitives;

/// <summary>
/// A text that must not be seen: a token or a code. It does not print itself, and it is compared in constant time. It is held in UTF-8, as it
/// is sent: that takes half the memory of a string and needs no conversion.
/// </summary>
[JsonConverter(typeof(SecretJsonConverter))]
public sealed class Secret(string value) : IEquatable<Secret>
{
    private readonly byte[] _value = Encoding.UTF8.GetBytes(value);

    /// <summary>The bytes of the secret in clear, for the code that writes it.</summary>
    public ReadOnlySpan<byte> Utf8 => _value;

    /// <summary>The secret in clear, for the call that needs it.</summary>
    public string Reveal() => Encoding.UTF8.GetString(_value);

    /// <summary>SHA-256 of the secret, in hex. A row may hold it.</summary>
    public string Hash() => Convert.ToHexStringLower(SHA256.HashData(_value));

    public bool Equals(Secret? other) => other is not null && CryptographicOperations.FixedTimeEquals(_value, other._value);

    public override bool Equals(object? obj) => Equals(obj as Secret);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(_value);
        return hash.ToHashCode();
    }

    public override string ToString() => "[redacted]";
}
