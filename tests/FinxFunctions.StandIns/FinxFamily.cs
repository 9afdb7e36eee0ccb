namespace FinxFunctions.StandIns;

/// <summary>All tokens that descend from one code.</summary>
public sealed class FinxFamily(string connectionId)
{
    public string ConnectionId { get; } = connectionId;

    /// <summary>The refresh token that was issued last.</summary>
    public FinxToken? Newest { get; set; }

    /// <summary>Why the family is dead; null while it lives.</summary>
    public string? Revoked { get; set; }

    /// <summary>The second use of a token that killed the family, where that is why.</summary>
    public Presentation? RevokedBy { get; set; }
}
