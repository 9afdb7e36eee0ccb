namespace FinxSandbox.Vault;

/// <summary>Body of a set or update. A missing value stays unchanged, or has its default in a new version.</summary>
internal sealed record SecretChange(string? Value, string? ContentType, Dictionary<string, string>? Tags, AttributesChange? Attributes);

/// <summary>Times in Unix seconds.</summary>
internal sealed record AttributesChange(bool? Enabled, long? Nbf, long? Exp);

/// <summary>Times in Unix seconds.</summary>
internal sealed record AttributesBody(bool Enabled, long? Nbf, long? Exp, long Created, long Updated, string RecoveryLevel, int RecoverableDays);

internal sealed record SecretBody(
    string Id,
    AttributesBody Attributes,
    string? Value = null,
    string? ContentType = null,
    IReadOnlyDictionary<string, string>? Tags = null,
    string? RecoveryId = null,
    long? DeletedDate = null,
    long? ScheduledPurgeDate = null);

internal sealed record SecretPage(IReadOnlyList<SecretBody> Value, string? NextLink);
