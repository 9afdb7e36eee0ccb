namespace FinxSandbox.Finx.Tokens;

/// <summary>All tokens that descend from one authorization code. Guarded by the lock of <see cref="TokenStore"/>.</summary>
internal sealed class TokenFamily(string flowId, string userId, string scope, DateTimeOffset issuedAt)
{
    public string FlowId { get; } = flowId;

    public string UserId { get; } = userId;

    public string Scope { get; } = scope;

    public DateTimeOffset IssuedAt { get; } = issuedAt;

    /// <summary>Hash of the newest refresh token, the only one that is always valid.</summary>
    public string? Newest { get; set; }

    /// <summary>Times a refresh token was honoured.</summary>
    public int Refreshes { get; set; }

    public bool Revoked { get; set; }
}
