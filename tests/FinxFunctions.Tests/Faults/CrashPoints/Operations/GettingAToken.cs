using System.Net;
using FinxFunctions.Tests.Faults.Proof;
using static FinxFunctions.Tests.Faults.Proof.CallerActions;

namespace FinxFunctions.Tests.Faults.CrashPoints.Operations;

/// <summary>finX refused the access token: a caller reports it and gets a new one.</summary>
internal class GettingAToken : Operation
{
    private string _id = "";

    public override async Task PrepareAsync(World world, Caller caller) => _id = await ConnectAsync(world, caller, User);

    public override Task ActAsync(World world, Caller caller) => caller.TokenAsync(_id, rejected: 1);

    public override async Task<bool> ResumeAsync(World world, Caller caller)
    {
        var token = await AskAsync(() => caller.TokenAsync(_id, rejected: 1));
        if (token.Status is HttpStatusCode.Conflict)
        {
            await AssertEndedAsync(world, caller, User, _id, generation: 1);
            return false;
        }

        await AssertAliveAsync(caller, _id, generation: 2);
        return true;
    }
}
