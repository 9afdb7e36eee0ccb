using FinxFunctions.KeyVault;

namespace FinxFunctions.State;

/// <summary>Everything that Table Storage holds of one connection, read in one query.</summary>
/// <param name="Lease">The operation under way or left unfinished; null where there is none.</param>
/// <param name="Links">The widget links of the connection that are still of use.</param>
/// <param name="Overflow">The encrypted token pair, if it is larger than a secret may be.</param>
public sealed record ConnectionSnapshot(Connection Connection, Lease? Lease, IReadOnlyList<Link> Links, byte[]? Overflow)
{
    /// <summary>What the rows know of the connection's token pair.</summary>
    public KnownPair KnownPair => new(Connection.Vault, Connection.Id, Connection.Generation, Connection.SecretId, Overflow);
}
