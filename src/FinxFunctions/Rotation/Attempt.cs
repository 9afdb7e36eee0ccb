using FinxFunctions.Finx;
using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>A rotation under way in this process: the rows as last written, the token to present, and the key for the answer.</summary>
/// <param name="Grant">The code or refresh token to present; null after a take-over, until it is needed.</param>
/// <param name="Key">The key under which finX's answer is encrypted. It is in hand before the token is presented.</param>
public sealed record Attempt(ConnectionSnapshot Snapshot, Lease Lease, TokenGrant? Grant, DataKey Key)
{
    public Connection Connection => Snapshot.Connection;

    /// <summary>
    /// Whether finX may have acted on an earlier presentation whose answer was lost. A refusal may then be caused by that presentation.
    /// </summary>
    public bool IsAmbiguous => Lease.Ambiguous || Connection.FormerPresentationUnanswered;
}
