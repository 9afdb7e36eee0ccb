namespace FinxFunctions.State;

/// <summary>All that Table Storage holds of one connection, read in one query.</summary>
/// <param name="Lease">The operation under way, or left unfinished; null where there is none.</param>
/// <param name="Links">The widget links made for it that are still of use.</param>
/// <param name="Overflow">The token pair, sealed, where it is larger than a secret may be.</param>
public sealed record ConnectionSnapshot(Connection Connection, Lease? Lease, IReadOnlyList<Link> Links, byte[]? Overflow);
