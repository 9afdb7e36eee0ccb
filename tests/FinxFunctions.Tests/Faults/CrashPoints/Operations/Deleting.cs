using System.Net;
using FinxFunctions.State;
using FinxFunctions.Tests.Faults.Proof;
using static FinxFunctions.Tests.Faults.Proof.CallerActions;

namespace FinxFunctions.Tests.Faults.CrashPoints.Operations;

/// <summary>A connection is deleted: at finX, in the vault, in the tables.</summary>
internal sealed class Deleting : Operation
{
    private string _id = "";

    public override async Task PrepareAsync(World world, Caller caller) => _id = await ConnectAsync(world, caller, User);

    public override Task ActAsync(World world, Caller caller) => caller.DeleteAsync(_id);

    public override async Task<bool> ResumeAsync(World world, Caller caller)
    {
        var deleted = await AskAsync(() => caller.DeleteAsync(_id));
        Assert.Equal(HttpStatusCode.NoContent, deleted.Status);
        Assert.Equal(HttpStatusCode.NotFound, (await caller.ConnectionAsync(_id)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await caller.TokenAsync(_id)).Status);

        Assert.All(world.Sandbox.Connections().Where(family => family.UserId == User), family => Assert.True(family.Revoked));
        Assert.DoesNotContain(await world.RowsAsync("users"), row => row.RowKey == _id);
        var observed = await Observations.GatherAsync(world);
        var left = Assert.Single(observed.Connections);
        Assert.Equal(ConnectionStatus.Deleted, left.Connection.Status);
        Assert.Empty(left.Connection.UserKey);
        Assert.Empty(left.Links);
        Assert.Contains(observed.Calls, call => call is { Service: "vault", Method: "DELETE" } && (call.HasSucceeded || call.Status is 409));
        return true;
    }
}
