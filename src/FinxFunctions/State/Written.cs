namespace FinxFunctions.State;

/// <summary>The rows of a change that went through, with their new versions.</summary>
public sealed record Written(Connection Connection, Lease? Lease);
