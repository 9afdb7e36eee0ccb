namespace FinxFunctions.State;

/// <summary>
/// Rows of one connection that change together or not at all. Each is conditional on the version that was read, the connection's own row
/// always among them: so a change goes through only if nothing moved since.
/// </summary>
public sealed record ConnectionChange(Connection Connection)
{
    /// <summary>A lease to insert; there must be none.</summary>
    public Lease? Acquire { get; init; }

    /// <summary>A lease to remove.</summary>
    public Lease? Release { get; init; }

    /// <summary>Links to insert or to replace.</summary>
    public IReadOnlyList<Link> Links { get; init; } = [];

    /// <summary>Links to remove.</summary>
    public IReadOnlyList<Link> Delete { get; init; } = [];

    /// <summary>The sealed pair that goes with <see cref="Connection.HasOverflow"/>. It is removed where that is not set.</summary>
    public byte[]? Overflow { get; init; }

    /// <summary>Whether the row of a former overflow is there to be removed.</summary>
    public bool HadOverflow { get; init; }
}
