namespace FinxFunctions.Connections;

/// <summary>The result of a deletion.</summary>
public enum DeletionOutcome
{
    /// <summary>The connection is deleted, now or earlier.</summary>
    Deleted,

    /// <summary>The caller has no such connection.</summary>
    Unknown,

    /// <summary>A rotation or another deletion is running. Try again later.</summary>
    Busy,

    /// <summary>A rotation is about to end: its answer is persisted. Try again at once.</summary>
    Committing,
}
