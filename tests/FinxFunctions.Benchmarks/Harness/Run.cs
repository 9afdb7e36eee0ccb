using System.Diagnostics;

namespace FinxFunctions.Benchmarks.Harness;

/// <summary>One run of the program.</summary>
/// <param name="isQuick">Fewer rounds of everything.</param>
internal sealed class Run(bool isQuick)
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    public bool IsQuick { get; } = isQuick;

    public TimeSpan Elapsed => _watch.Elapsed;

    public int Rounds(int full, int quick) => IsQuick ? quick : full;

    /// <summary>Prints the progress. On a terminal it replaces the line before.</summary>
    public void Tell(string what)
    {
        if (!Console.IsOutputRedirected)
            Console.Write($"\r{$"    {_watch.Elapsed:mm\\:ss} {what}",-110}\r");
        else if (what.Length > 0)
            Console.WriteLine($"    {_watch.Elapsed:mm\\:ss} {what}");
    }

    /// <param name="measured">Called after each subject with all findings so far.</param>
    public async Task<IReadOnlyList<Finding>> MeasureAsync(IEnumerable<Subject> subjects, Func<IReadOnlyList<Finding>, Task> measured)
    {
        List<Finding> findings = [];
        foreach (var subject in subjects)
        {
            Console.WriteLine($"{_watch.Elapsed:mm\\:ss} {subject.Name}: {subject.Title}");
            var finding = new Finding(subject);
            Collect(); // the garbage of one subject must not count for the next
            findings.Add(finding);
            try
            {
                await subject.MeasureAsync(this, finding);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // The other subjects are measured nevertheless. The program then ends with an error.
                finding.Trouble = exception.Message;
                Console.WriteLine(exception);
            }

            await measured(findings);
        }

        return findings;
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
