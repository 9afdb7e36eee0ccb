using FinxFunctions.Benchmarks.Harness;

namespace FinxFunctions.Benchmarks.Subjects;

/// <summary>Kills real processes in the window, and sees what is lost.</summary>
internal static class WindowKills
{
    public static Task MeasureAsync(Run run, Finding finding) => Task.CompletedTask;
}
