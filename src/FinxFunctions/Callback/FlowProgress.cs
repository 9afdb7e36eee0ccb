namespace FinxFunctions.Callback;

/// <summary>What a step did.</summary>
public enum FlowProgress
{
    /// <summary>There is nothing more to do.</summary>
    Done,

    /// <summary>The rows changed: the next step can follow at once.</summary>
    Changed,

    /// <summary>The rows did not change: another process has the next step.</summary>
    Unchanged,
}
