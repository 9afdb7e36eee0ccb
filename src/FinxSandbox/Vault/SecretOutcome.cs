namespace FinxSandbox.Vault;

/// <summary>The outcome of an operation on a secret.</summary>
internal abstract record SecretOutcome;

/// <summary>A secret, as read under the lock.</summary>
internal sealed record Found(string Name, SecretVersion Version, DateTimeOffset? DeletedAt) : SecretOutcome;

internal sealed record Missing : SecretOutcome;

internal sealed record DeletedButRecoverable : SecretOutcome;

internal sealed record BeingDeleted : SecretOutcome;
