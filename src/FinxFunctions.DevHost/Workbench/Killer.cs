using System.Collections.Concurrent;
using FinxFunctions.DevHost.Surroundings;
using FinxSandbox;

namespace FinxFunctions.DevHost.Workbench;

/// <summary>
/// Has another instance of the app replace a connection's tokens, and kills its process on the way. What it leaves, this instance finds: the
/// page and the sandbox live here and go on.
/// </summary>
public sealed class Killer(SandboxServer sandbox, LocalSurroundings surroundings, IConfiguration configuration, Timeline timeline)
{
    private readonly ConcurrentDictionary<string, bool> _holds = [];

    /// <summary>Whether a fault is no trouble of the call that met it, but holds its process for the kill.</summary>
    public bool IsHold(string fault) => _holds.ContainsKey(fault);

    public async Task<KillOutcome> KillAsync(Kill kill, KillMoment moment, CancellationToken cancellationToken)
    {
        using var instance = await SecondInstance.StartAsync(configuration, surroundings, cancellationToken);
        timeline.Add("kill", $"Another instance of the app, process {instance.ProcessId}, was started to get a new token for connection {kill.ConnectionId[..8]}…");

        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var hold = sandbox.Faults.Add(moment.Hold(kill.ConnectionId, killed.Task));
        _holds[hold.Id] = true;
        try
        {
            var asked = instance.AskTokenAsync(kill.ConnectionId, kill.Generation, cancellationToken);
            if (await Task.WhenAny(asked, hold.Reached) == asked)
                return Say(new(false, $"Process {instance.ProcessId} answered {(int)await asked} and did not come to the moment at which it was to die."));

            instance.Kill();
            await ((Task)asked).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return Say(new(true, $"Process {instance.ProcessId} was killed (SIGKILL) {moment.Title}. {moment.Consequence}"));
        }
        finally
        {
            killed.SetResult();
            sandbox.Faults.Remove(hold.Id);
        }
    }

    private KillOutcome Say(KillOutcome outcome)
    {
        timeline.Add("kill", outcome.Text, isTrouble: true);
        return outcome;
    }
}
