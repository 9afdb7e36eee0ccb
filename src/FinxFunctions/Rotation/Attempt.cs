using FinxFunctions.Finx;
using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>An attempt in the hands of its owner: the rows as they were written last, what is presented, and the key for the answer.</summary>
/// <param name="Grant">Null after a take-over, until it is needed.</param>
public sealed record Attempt(ConnectionSnapshot Snapshot, Lease Claim, TokenGrant? Grant, DataKey Key)
{
    public Connection Connection => Snapshot.Connection;
}
