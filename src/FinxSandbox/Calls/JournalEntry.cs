using FinxSandbox.Faults;

namespace FinxSandbox.Calls;

/// <summary>One call to the sandbox and its outcome.</summary>
public sealed record JournalEntry
{
    /// <summary>Order of arrival, from 1.</summary>
    public long Sequence { get; init; }

    /// <summary>Arrival by the sandbox clock.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Arrival by the system clock.</summary>
    public DateTimeOffset RealAt { get; init; }

    /// <summary><c>finx</c>, <c>vault</c> or <c>identity</c>.</summary>
    public required string Service { get; init; }

    /// <summary>Such as <c>token.refresh</c> or <c>vault.set</c>.</summary>
    public string Operation { get; init; } = "unknown";

    public required string Method { get; init; }

    public required string Path { get; init; }

    public string Query { get; init; } = "";

    /// <summary>The Content-Length; null where there is none.</summary>
    public long? ContentLength { get; init; }

    /// <summary>The number of this call on its connection, from 1: above 1 the connection was kept alive and used again.</summary>
    public int CallOnConnection { get; init; }

    /// <summary>The status answered; null when the connection was dropped, or nothing was answered.</summary>
    public int? Status { get; init; }

    public bool Dropped => Status is null;

    /// <summary>Whether the call is left without an answer on an open connection.</summary>
    public bool Silent { get; init; }

    /// <summary>Whether the call took effect: false where a fault answered in its place.</summary>
    public bool Acted { get; init; }

    /// <summary>Id of the fault rule that was applied.</summary>
    public string? Fault { get; init; }

    /// <summary>The kind of that rule.</summary>
    public FaultKind? FaultKind { get; init; }

    /// <summary>The name of the odd answer that was given.</summary>
    public string? OddAnswer { get; init; }

    /// <summary><see cref="TokenHash"/> of the code, refresh token or access token that came in.</summary>
    public string? Presented { get; init; }

    /// <summary><see cref="TokenHash"/> of the access token issued.</summary>
    public string? IssuedAccessToken { get; init; }

    /// <summary><see cref="TokenHash"/> of the refresh token issued.</summary>
    public string? IssuedRefreshToken { get; init; }

    /// <summary>The widget flow that the call belongs to.</summary>
    public string? FlowId { get; init; }

    public string? UserId { get; init; }

    /// <summary>Index of the vault.</summary>
    public int? Vault { get; init; }

    public string? SecretName { get; init; }

    public string? SecretVersion { get; init; }
}
