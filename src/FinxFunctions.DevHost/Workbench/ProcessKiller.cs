using System.Collections.Concurrent;
using System.Net;
using FinxFunctions.DevHost.Local;
using FinxSandbox;

namespace FinxFunctions.DevHost.Workbench;

/// <summary>
/// Makes another instance of the app replace a connection's tokens, and kills its process in the middle. This instance, with the page and the
/// sandbox, goes on, and resumes the interrupted rotation.
/// </summary>
public sealed class ProcessKiller(SandboxServer sandbox, LocalServices local, IConfiguration configuration, Timeline timeline)
{
    private static readonly TimeSpan AfterAnswer = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, bool> _holds = [];

    /// <summary>Whether a fault only holds a process until it is killed.</summary>
    public bool IsHold(string fault) => _holds.ContainsKey(fault);

    public async Task<KillOutcome> KillAsync(KillRequest kill, KillMoment moment, CancellationToken cancellationToken)
    {
        using var instance = await SecondInstance.StartAsync(configuration, local, cancellationToken);
        timeline.Add("kill", $"Another instance of the app, process {instance.ProcessId}, was started to get a new token for connection {kill.ConnectionId[..8]}…");

        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var hold = sandbox.Faults.Add(moment.Hold(kill.ConnectionId, killed.Task));
        _holds[hold.Id] = true;
        try
        {
            var answer = instance.AskTokenAsync(kill.ConnectionId, kill.Generation, cancellationToken);
            if (!await ReachesAsync(hold.Reached, answer, cancellationToken))
                return Report(new(false, $"Process {instance.ProcessId} answered {(int)await answer} and did not reach the moment at which it was to be killed."));

            instance.Kill();
            await ((Task)answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return Report(new(true, $"Process {instance.ProcessId} was killed (SIGKILL) {moment.Title}. {moment.Consequence}"));
        }
        finally
        {
            killed.SetResult();
            sandbox.Faults.Remove(hold.Id);
        }
    }

    /// <summary>Whether the moment comes. It may come a little after the answer, because a caller is answered once finX's answer was persisted.</summary>
    private static async Task<bool> ReachesAsync(Task reached, Task<HttpStatusCode> answer, CancellationToken cancellationToken)
    {
        if (await Task.WhenAny(answer, reached) == answer && await answer is HttpStatusCode.OK)
            await reached.WaitAsync(AfterAnswer, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return reached.IsCompleted;
    }

    private KillOutcome Report(KillOutcome outcome)
    {
        timeline.Add("kill", outcome.Text, isTrouble: true);
        return outcome;
    }
}
