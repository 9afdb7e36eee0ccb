using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Tokens;

/// <summary>A connection as it was read, and its newest token pair.</summary>
/// <param name="Pair">Null where the row alone says that the pair does not meet the request. Then it is not read.</param>
public sealed record CurrentPair(ConnectionSnapshot Snapshot, TokenPair? Pair);
