using FinxFunctions.Tests.Faults.Proof;
using static FinxFunctions.Tests.Faults.Proof.CallerActions;

namespace FinxFunctions.Tests.Faults.CrashPoints.Operations;

/// <summary>The first request ever: it makes the tables, too.</summary>
internal sealed class CreatingALink : Operation
{
    public override bool IsFirst => true;

    public override Task PrepareAsync(World world, Caller caller) => Task.CompletedTask;

    public override Task ActAsync(World world, Caller caller) => caller.CreateLinkAsync(User);

    public override async Task<bool> ResumeAsync(World world, Caller caller)
    {
        var id = await ConnectAsync(world, caller, User);
        await AssertAliveAsync(caller, id, generation: 1);
        return true;
    }
}
