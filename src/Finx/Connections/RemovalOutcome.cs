namespace Finx.Connections;

/// <summary>What came of a deletion.</summary>
public enum RemovalOutcome
{
    /// <summary>It is gone, now or from before.</summary>
    Removed,

    /// <summary>There is no such connection.</summary>
    Unknown,

    /// <summary>A rotation, or another deletion, is under way: come again.</summary>
    Busy,
}
