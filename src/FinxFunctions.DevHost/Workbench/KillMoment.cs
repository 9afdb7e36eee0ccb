using FinxSandbox.Faults;

namespace FinxFunctions.DevHost.Workbench;

/// <summary>A moment in the middle of a rotation at which the process is killed.</summary>
/// <param name="Title">Completes the sentence "the process is killed".</param>
/// <param name="Consequence">What it means for the connection.</param>
/// <param name="Hold">Makes the fault that holds the process at that moment until it is killed. Takes the connection's id.</param>
public sealed record KillMoment(string Name, string Title, string Consequence, Func<string, Task, FaultRule> Hold)
{
    public static readonly IReadOnlyList<KillMoment> All =
    [
        new("after_persist", "after finX's answer was persisted", "The answer is encrypted in the lease row, so nothing is lost.",
            (connectionId, killed) => new() { Kind = FaultKind.DropBefore, Operation = "vault.set", Path = $"/secrets/*{connectionId}*", HoldBefore = killed }),
        new("before_persist", "before finX's answer was persisted", "finX has replaced the token, and its answer is lost. The token is presented once more. What finX answers then is final.",
            (_, killed) => new() { Kind = FaultKind.Slow, Operation = "token.refresh", HoldAfter = killed }),
    ];
}
