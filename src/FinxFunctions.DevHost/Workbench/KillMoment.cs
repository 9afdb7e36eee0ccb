using FinxSandbox.Faults;

namespace FinxFunctions.DevHost.Workbench;

/// <summary>A moment in the middle of a rotation at which a process may die.</summary>
/// <param name="Title">Ends the sentence "the process is killed".</param>
/// <param name="Consequence">What that means for the connection.</param>
/// <param name="Hold">Holds the process at that moment for as long as it takes to kill it, given the connection's id.</param>
public sealed record KillMoment(string Name, string Title, string Consequence, Func<string, Task, FaultRule> Hold)
{
    public static readonly IReadOnlyList<KillMoment> All =
    [
        new("after_keep", "after finX's answer was kept", "The answer lies sealed in the lease: nothing is lost.",
            (connectionId, killed) => new() { Kind = FaultKind.DropBefore, Operation = "vault.set", Path = $"/secrets/*{connectionId}*", HoldBefore = killed }),
        new("before_keep", "before finX's answer was kept", "finX has replaced the token, and nobody has its answer: the token is presented once more, and what finX then says is final.",
            (_, killed) => new() { Kind = FaultKind.Slow, Operation = "token.refresh", HoldAfter = killed }),
    ];
}
