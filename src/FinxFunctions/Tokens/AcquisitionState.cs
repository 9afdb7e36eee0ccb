using FinxFunctions.KeyVault;

namespace FinxFunctions.Tokens;

/// <summary>What one acquisition was asked for, and what it has found so far.</summary>
/// <param name="Lease">The lease that a refresh will need.</param>
public sealed record AcquisitionState(string CallerId, string ConnectionId, AccessRequest Request, PreparedLease Lease)
{
    /// <summary>The newest pair that was found. Null if none was.</summary>
    public TokenPair? Latest { get; set; }
}
