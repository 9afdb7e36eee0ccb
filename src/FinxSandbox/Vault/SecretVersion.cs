namespace FinxSandbox.Vault;

/// <summary>One version of a secret; an update replaces it by a changed copy.</summary>
internal sealed record SecretVersion(
    string Id,
    string Value,
    string? ContentType,
    IReadOnlyDictionary<string, string>? Tags,
    bool Enabled,
    long? NotBefore,
    long? Expires,
    DateTimeOffset Created,
    DateTimeOffset Updated);
