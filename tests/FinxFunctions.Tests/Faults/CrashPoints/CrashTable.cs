using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace FinxFunctions.Tests.Faults.CrashPoints;

/// <summary>The result of all crash points, one line an operation. Written to the file that <c>CRASH_TABLE</c> names.</summary>
public sealed class CrashTable : IDisposable
{
    private const string Head = "| operation | used refresh token | calls | points | run | survived | ended, provider's rules | broken |\n|---|---|--:|--:|--:|--:|--:|--:|\n";

    private readonly ConcurrentQueue<string> _lines = [];

    internal string Add(string operation, string reuse, int points, IReadOnlyList<CrashResult> results)
    {
        int Count(CrashOutcome outcome) => results.Count(result => result.Outcome == outcome);

        var line = string.Create(CultureInfo.InvariantCulture, $"| {operation} | {reuse} | {points} | {results.Count} | {Count(CrashOutcome.Survived)} | {Count(CrashOutcome.Unavoidable)} | {Count(CrashOutcome.Broken)} |");
        _lines.Enqueue(line);
        return line;
    }

    public void Dispose()
    {
        if (Environment.GetEnvironmentVariable("CRASH_TABLE") is not { Length: > 0 } file)
            return;

        var table = new StringBuilder(Head);
        foreach (var line in _lines)
            table.AppendLine(line);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        File.WriteAllText(file, table.ToString());
    }
}
