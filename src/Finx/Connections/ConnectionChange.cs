using Finx.Links;
using Finx.Tokens;

namespace Finx.Connections;

/// <summary>
/// Rows of one connection that change together or not at all. Each is conditional on the version that was read, the connection's own row
/// always among them: so a change goes through only if nothing moved since.
/// </summary>
internal sealed record ConnectionChange(Connection Connection)
{
    /// <summary>A claim to insert; there must be none.</summary>
    public Claim? Claim { get; init; }

    /// <summary>A claim to remove.</summary>
    public Claim? Release { get; init; }

    /// <summary>Links to insert or to replace.</summary>
    public IReadOnlyList<Link> Links { get; init; } = [];

    /// <summary>Links to remove.</summary>
    public IReadOnlyList<Link> Forget { get; init; } = [];

    /// <summary>The sealed pair that goes with <see cref="Connection.HasOverflow"/>. It is removed where that is not set.</summary>
    public byte[]? Overflow { get; init; }

    /// <summary>Whether the row of a former overflow is there to be removed.</summary>
    public bool HadOverflow { get; init; }
}
