using System.Net;

namespace FinxFunctions.Tests.Faults.Proof;

/// <summary>What services and their users do. They ask again while nothing is decided.</summary>
internal static class CallerActions
{
    public static string NewUser() => $"user-{Guid.NewGuid():N}";

    /// <summary>A user connects a bank.</summary>
    public static async Task<string> ConnectAsync(World world, Caller caller, string user)
    {
        var (id, callback) = await LinkAsync(world, caller, user);
        await ReturnAsync(caller, callback, "connected");
        return id;
    }

    /// <summary>A service makes a link, and the user goes through the widget.</summary>
    public static async Task<(string ConnectionId, Uri Callback)> LinkAsync(World world, Caller caller, string user, string? connectionId = null)
    {
        var link = await AskAsync(() => caller.CreateLinkAsync(user, connectionId));
        Assert.Equal(HttpStatusCode.Created, link.Status);
        return (link["connection_id"]!, world.Sandbox.Finish(link["flow_id"]!)!);
    }

    /// <summary>The user comes back, and goes on reloading while nothing is decided.</summary>
    /// <returns>The status told to the service.</returns>
    public static async Task<string> ReturnAsync(Caller caller, Uri callback, params string[] expected)
    {
        var reply = await AskAsync(() => caller.ReturnAsync(callback));
        Assert.True(reply.Status is HttpStatusCode.SeeOther, $"The callback was answered {reply}");
        var status = System.Web.HttpUtility.ParseQueryString(reply.Location!.Query) is var query && query["error"] is { } error ? $"{query["status"]} {error}" : query["status"]!;
        Assert.Contains(status, expected);
        return status;
    }

    /// <summary>Asks until something is decided.</summary>
    public static async Task<Reply> AskAsync(Func<Task<Reply>> ask)
    {
        Reply reply = null!;
        Assert.True(await World.WithinAsync(SlowMachine.HangLimit, async () => !(reply = await ask()).IsForNow), $"Nothing was decided in {SlowMachine.HangLimit}: {reply}");
        return reply;
    }
}
