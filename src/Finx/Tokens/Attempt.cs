using Finx.Api;
using Finx.Connections;

namespace Finx.Tokens;

/// <summary>An attempt in the hands of its owner: the rows as they were written last, what is presented, and the key for the answer.</summary>
/// <param name="Grant">Null after a take-over, until it is needed.</param>
internal sealed record Attempt(ConnectionSnapshot Snapshot, Claim Claim, TokenGrant? Grant, SealingKey Key)
{
    public Connection Connection => Snapshot.Connection;
}
