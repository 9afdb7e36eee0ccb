using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Tokens;

/// <summary>A connection as it was read, and its newest token pair.</summary>
public sealed record CurrentPair(ConnectionSnapshot Snapshot, TokenPair Pair);
