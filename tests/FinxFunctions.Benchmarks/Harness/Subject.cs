namespace FinxFunctions.Benchmarks.Harness;

/// <summary>One thing to measure, beside the thing that it is compared with.</summary>
internal abstract class Subject
{
    /// <summary>The name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>One line on what it measures.</summary>
    public abstract string Title { get; }

    /// <summary>Where the measured code runs, unless a figure says otherwise.</summary>
    public virtual Host Host => Host.InProcess;

    /// <summary>Measures, and adds the results to the finding.</summary>
    public abstract Task MeasureAsync(Run run, Finding finding);
}
