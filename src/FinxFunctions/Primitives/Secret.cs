using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace FinxFunctions.Primitives;

/// <summary>
/// A text that must not be seen: a token or a code. It does not print itself, and is compared in constant time. Held as it goes over the
/// wire, in UTF-8: half the memory of a string, and nothing to convert when it is handed out.
/// </summary>
[JsonConverter(typeof(SecretJsonConverter))]
public sealed class Secret(string value) : IEquatable<Secret>
{
    private readonly byte[] _value = Encoding.UTF8.GetBytes(value);

    /// <summary>The bytes of the secret in clear; only for what writes it.</summary>
    public ReadOnlySpan<byte> Utf8 => _value;

    /// <summary>The secret in clear; only for the call that needs it.</summary>
    public string Reveal() => Encoding.UTF8.GetString(_value);

    /// <summary>SHA-256 of the secret, in hex: fit for a row that recognises it.</summary>
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
