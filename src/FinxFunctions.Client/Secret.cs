using System.Text.Json.Serialization;

namespace FinxFunctions.Client;

/// <summary>A string that must not be seen. It does not print itself, not in a record's text, and is not written as JSON.</summary>
[JsonConverter(typeof(SecretReader))]
public sealed class Secret(string value)
{
    private readonly string _value = value;

    /// <summary>The secret in clear; only for the call that needs it.</summary>
    public string Reveal() => _value;

    public override string ToString() => "[redacted]";
}
