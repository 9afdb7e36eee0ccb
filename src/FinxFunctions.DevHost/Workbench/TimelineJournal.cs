using FinxSandbox;
using FinxSandbox.Calls;

namespace FinxFunctions.DevHost.Workbench;

/// <summary>Adds to the timeline what only the sandbox knows: the calls that a fault hit, and the tokens that finX issued or refused.</summary>
public sealed class TimelineJournal(Timeline timeline, SandboxServer sandbox, ProcessKiller processKiller) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        HashSet<long> seen = [];
        using var timer = new PeriodicTimer(Interval);
        using var stop = stoppingToken.Register(timer.Dispose); // without an exception, which the host would log if its start fails
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            var entries = sandbox.Journal.Entries;
            foreach (var entry in entries.Where(entry => !seen.Contains(entry.Sequence)))
                Add(entry);
            seen = [.. entries.Select(entry => entry.Sequence)];
        }
    }

    private void Add(JournalEntry entry)
    {
        if (entry.Fault is { } fault && !processKiller.IsHold(fault))
            timeline.Add("fault", $"{Name(entry)} {Outcome(entry)}.", isTrouble: true, entry.At);
        else if (entry is { Operation: "token.exchange" or "token.refresh", Status: { } status })
            timeline.Add("finx", status < 400 ? "finX issued a new pair. The presented token is now worthless." : "finX refused the presented token.", isTrouble: status >= 400, entry.At);
    }

    private static string Name(JournalEntry entry) => $"{(entry.Service == "vault" ? "Key Vault" : "finX")} ({entry.Operation})";

    private static string Outcome(JournalEntry entry) => entry switch
    {
        { Silent: true } => "got the call and says nothing",
        { Status: null, Acted: true } => "acted, but its answer was lost",
        { Status: null } => "broke the connection",
        { Status: var status, OddAnswer: { } odd } => $"answered {status} ({odd.Replace('_', ' ')})",
        { Status: var status } => $"answered {status}",
    };
}
