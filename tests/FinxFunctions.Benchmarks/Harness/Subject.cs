namespace FinxFunctions.Benchmarks.Harness;

/// <summary>Something measured by itself, side by side with what it is compared to.</summary>
internal abstract class Subject
{
    /// <summary>By which it is asked for.</summary>
    public abstract string Name { get; }

    /// <summary>What it measures, in a line.</summary>
    public abstract string Title { get; }

    /// <summary>Measures, and tells what came of it.</summary>
    public abstract Task MeasureAsync(Run run, Finding finding);
}
