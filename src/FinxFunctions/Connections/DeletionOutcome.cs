namespace FinxFunctions.Connections;

/// <summary>What came of a deletion.</summary>
public enum DeletionOutcome
{
    /// <summary>It is gone, now or from before.</summary>
    Deleted,

    /// <summary>There is no such connection.</summary>
    Unknown,

    /// <summary>A rotation, or another deletion, is under way: come again.</summary>
    Busy,
}
