using FinxSandbox;
using FinxSandbox.Calls;

namespace FinxFunctions.DevHost.Workbench;

/// <summary>Puts on the timeline what only the other side knows: the calls that a fault spoiled, and the tokens that finX gave or refused.</summary>
public sealed class TimelineJournal(Timeline timeline, SandboxServer sandbox, Killer killer) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        HashSet<long> seen = [];
        using var timer = new PeriodicTimer(Look);
        using var stop = stoppingToken.Register(timer.Dispose); // without an exception, which a host that does not start would log
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            var entries = sandbox.Journal.Entries;
            foreach (var entry in entries.Where(entry => !seen.Contains(entry.Sequence)))
                Tell(entry);
            seen = [.. entries.Select(entry => entry.Sequence)];
        }
    }

    private void Tell(JournalEntry entry)
    {
        if (entry.Fault is { } fault && !killer.IsHold(fault))
            timeline.Add("fault", $"{Name(entry)} {Fate(entry)}.", isTrouble: true, entry.At);
        else if (entry is { Operation: "token.exchange" or "token.refresh", Status: { } status })
            timeline.Add("finx", status < 400 ? "finX gave a new pair; the token presented is now worthless." : "finX refused the token presented.", isTrouble: status >= 400, entry.At);
    }

    private static string Name(JournalEntry entry) => $"{(entry.Service == "vault" ? "Key Vault" : "finX")} ({entry.Operation})";

    private static string Fate(JournalEntry entry) => entry switch
    {
        { Status: null, Acted: true } => "acted, but its answer was lost",
        { Status: null } => "broke the connection",
        { Status: var status } => $"answered {status}",
    };
}
