using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Finx.Tokens;

/// <summary>A string that must not be seen: a token or a code. It does not print itself, and is compared in constant time.</summary>
[JsonConverter(typeof(SecretJsonConverter))]
public sealed class Secret(string value) : IEquatable<Secret>
{
    private readonly string _value = value;

    /// <summary>The secret in clear; only for the call that needs it.</summary>
    public string Reveal() => _value;

    /// <summary>SHA-256 of the secret, in hex: fit for a row that recognises it.</summary>
    public string Hash() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_value)));

    public bool Equals(Secret? other) =>
        other is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(_value), Encoding.UTF8.GetBytes(other._value));

    public override bool Equals(object? obj) => Equals(obj as Secret);

    public override int GetHashCode() => _value.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => "[redacted]";
}
