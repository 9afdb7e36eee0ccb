using FinxFunctions.Tests.Faults.Proof;
using static FinxFunctions.Tests.Faults.Proof.CallerActions;

namespace FinxFunctions.Tests.Faults.CrashPoints.Operations;

/// <summary>A connection is renewed in place: a link to it, the widget, the callback.</summary>
internal sealed class Renewing : Operation
{
    private string _id = "";
    private Uri? _callback;

    public override async Task PrepareAsync(World world, Caller caller) => _id = await ConnectAsync(world, caller, User);

    public override async Task ActAsync(World world, Caller caller)
    {
        var link = await caller.CreateLinkAsync(User, _id);
        _callback = world.Sandbox.Finish(link["flow_id"]!)!;
        await caller.ReturnAsync(_callback);
    }

    public override async Task<bool> ResumeAsync(World world, Caller caller)
    {
        _callback ??= (await LinkAsync(world, caller, User, _id)).Callback;
        if (await ReturnAsync(caller, _callback, "connected", "failed ambiguous") == "connected")
        {
            await AssertAliveAsync(caller, _id, generation: 2);
            return true;
        }

        // The former tokens still work.
        await AssertAliveAsync(caller, _id, generation: 1);
        return false;
    }
}
