using FinxFunctions.Tests.Faults.Proof;
using static FinxFunctions.Tests.Faults.Proof.CallerActions;

namespace FinxFunctions.Tests.Faults.CrashPoints.Operations;

/// <summary>The callback: the code is exchanged.</summary>
internal sealed class ComingBack : Operation
{
    private (string ConnectionId, Uri Callback) _link;

    public override async Task PrepareAsync(World world, Caller caller) => _link = await LinkAsync(world, caller, User);

    public override Task ActAsync(World world, Caller caller) => caller.ReturnAsync(_link.Callback);

    public override async Task<bool> ResumeAsync(World world, Caller caller)
    {
        if (await ReturnAsync(caller, _link.Callback, "connected", "failed ambiguous") == "connected")
        {
            await AssertAliveAsync(caller, _link.ConnectionId, generation: 1);
            return true;
        }

        await AssertAliveAsync(caller, await ConnectAsync(world, caller, NewUser()), generation: 1);
        return false;
    }
}
