using System.Net;
using FinxFunctions.Worker.Tests.Hosts;
using FinxFunctions.Worker.Tests.Running;
using FinxSandbox.Faults;

namespace FinxFunctions.Worker.Tests.Cases;

/// <summary>What the functions answer while something that they need is down. The cases share hosts, and take turns.</summary>
public sealed class DependencyCases(SharedHosts hosts) : HostCases(hosts)
{
    // Nothing is remembered, so that each call meets the trouble.
    private static readonly Dictionary<string, string?> Forgetful = new() { ["Tokens__CacheDuration"] = "00:00:00" };

    [Theory, OnEachHost]
    public async Task Health_names_what_is_down_and_recovers(HostKind kind)
    {
        // At the root of finX the sandbox has a page that is open to no faults.
        using var turn = await Hosts.TakeTurnAsync(kind, "health", world => new() { ["Finx__BaseAddress"] = new Uri(world.Sandbox.FinxAddress, "v1").AbsoluteUri });

        // A busy machine may keep another dependency from answering in time, at first.
        await Eventually.UntilAsync(async () => await UnhealthyAsync(turn.Caller) is []);
        foreach (var dependency in new[] { "finx", "key_vault", "table_storage" })
        {
            BringDown(turn.World, dependency);
            await Eventually.UntilAsync(async () => await UnhealthyAsync(turn.Caller) is [var only] && only == dependency);
            using var alive = await turn.Caller.SendAsync("GET /api/health/live", key: "");
            Assert.Equal(HttpStatusCode.NoContent, alive.StatusCode);

            turn.World.Sandbox.Faults.Clear();
            turn.World.Tables.Reopen();
            await Eventually.UntilAsync(async () => await UnhealthyAsync(turn.Caller) is []);
        }
    }

    [Theory]
    [OnEachHost("ServerError 502", "DropBefore 503", "Throttle 503")]
    public async Task While_finX_is_down_links_and_data_say_so_and_the_token_in_hand_is_served(HostKind kind, string trouble)
    {
        using var turn = await TakeTurnAsync(kind);
        var id = await turn.Caller.ConnectAsync();
        turn.World.Sandbox.Faults.Add(new() { Kind = Enum.Parse<FaultKind>(trouble.Split(' ')[0]), Operation = "links.create", Times = null });
        turn.World.Sandbox.Faults.Add(new() { Kind = Enum.Parse<FaultKind>(trouble.Split(' ')[0]), Operation = "data.*", Times = null });
        turn.World.Sandbox.Faults.Add(new() { Kind = FaultKind.ServerError, Operation = "token.refresh", Status = 503, Times = null });

        using var link = await turn.Caller.SendAsync("POST /api/links", $$"""{"user_id":"u","return_uri":"{{ExternalHost.ReturnUri}}"}""");
        using var data = await turn.Caller.SendAsync($"GET /api/connections/{id}/accounts");
        using var token = await turn.Caller.AskTokenAsync(id, 1);
        turn.World.Sandbox.Faults.Clear();

        var status = int.Parse(trouble.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        await link.ProblemAsync(status, "finx_unavailable");
        await data.ProblemAsync(status, "finx_unavailable");
        await token.ProblemAsync(503, "finx_unavailable");
        Assert.NotNull(token.Headers.RetryAfter);
        using var later = await turn.Caller.AskTokenAsync(id);
        await later.JsonAsync();
    }

    [Theory, OnEachHost]
    public async Task While_finX_refuses_this_service_an_operator_is_called_and_no_connection_ends(HostKind kind)
    {
        using var turn = await TakeTurnAsync(kind);
        var id = await turn.Caller.ConnectAsync();
        turn.World.Sandbox.Faults.Add(new() { Kind = FaultKind.Refuse, Status = 401, Operation = "links.create" });
        turn.World.Sandbox.Faults.Add(new() { Kind = FaultKind.Refuse, Status = 401, Operation = "token.refresh", Body = """{"error":"invalid_client"}""" });

        using var link = await turn.Caller.SendAsync("POST /api/links", $$"""{"user_id":"u","return_uri":"{{ExternalHost.ReturnUri}}"}""");
        using var token = await turn.Caller.AskTokenAsync(id, 1);
        turn.World.Sandbox.Faults.Clear();

        await link.ProblemAsync(502, "finx_refused");
        await token.ProblemAsync(502, "finx_refused");
        Assert.Equal("active", (await turn.Caller.GetConnectionAsync(id)).Text("status"));
    }

    [Theory, OnEachHost]
    public async Task While_the_vault_is_down_a_token_that_lies_there_is_not_given(HostKind kind)
    {
        using var turn = await TakeTurnAsync(kind);
        var id = await turn.Caller.ConnectAsync();
        turn.World.Sandbox.Faults.Add(new() { Kind = FaultKind.Refuse, Status = 403, Operation = "vault.get", Times = null });

        using var token = await turn.Caller.AskTokenAsync(id);
        turn.World.Sandbox.Faults.Clear();

        await token.ProblemAsync(503, "vault_unavailable");
        using var later = await turn.Caller.AskTokenAsync(id);
        await later.JsonAsync();
    }

    [Theory, OnEachHost]
    public async Task While_the_tables_are_down_every_function_that_needs_them_says_so(HostKind kind)
    {
        using var turn = await TakeTurnAsync(kind);
        var id = await turn.Caller.ConnectAsync();
        turn.World.Tables.Shut();
        try
        {
            var answers = await Task.WhenAll(
                turn.Caller.SendAsync($"GET /api/connections/{id}"),
                turn.Caller.SendAsync("GET /api/connections"),
                turn.Caller.AskTokenAsync(id),
                turn.Caller.SendAsync($"GET /api/connections/{id}/accounts"),
                turn.Caller.SendAsync("POST /api/links", $$"""{"user_id":"u","return_uri":"{{ExternalHost.ReturnUri}}"}"""),
                turn.Caller.SendAsync($"DELETE /api/connections/{id}"));
            foreach (var answer in answers)
            {
                using (answer)
                    await answer.ProblemAsync(503, "storage_unavailable");
            }
        }
        finally
        {
            turn.World.Tables.Reopen();
        }

        Assert.Equal("active", (await turn.Caller.GetConnectionAsync(id)).Text("status"));
    }

    private static async Task<string[]> UnhealthyAsync(Caller caller)
    {
        using var answer = await caller.SendAsync("GET /api/health", key: "");
        var report = await answer.JsonAsync(answer.IsSuccessStatusCode ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable);
        string[] unhealthy = [.. report["dependencies"]!.AsObject().Where(pair => pair.Value!.GetValue<string>() == "unhealthy").Select(pair => pair.Key)];
        Assert.Equal(unhealthy.Length == 0, answer.StatusCode == HttpStatusCode.OK);
        return unhealthy;
    }

    private static void BringDown(World world, string dependency)
    {
        if (dependency == "table_storage")
            world.Tables.Shut();
        else
            world.Sandbox.Faults.Add(new() { Kind = FaultKind.ServerError, Operation = dependency == "finx" ? "unknown" : "vault.*", Times = null });
    }

    private Task<Turn> TakeTurnAsync(HostKind kind) => Hosts.TakeTurnAsync(kind, nameof(DependencyCases), _ => Forgetful);
}
