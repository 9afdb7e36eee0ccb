using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FinxFunctions.Tests.Running;
using FinxSandbox.Faults;

namespace FinxFunctions.Tests.Links;

public class CreateLinkTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_link_has_an_id_a_location_and_an_expiry()
    {
        await using var app = await App.StartAsync();

        using var response = await PostAsync(app);
        var link = await response.JsonAsync(HttpStatusCode.Created);

        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.Equal(["connection_id", "expires_at", "flow_id", "location"], link.Select(field => field.Key).Order());
        Assert.Matches("^[0-9a-f]{32}$", link.Text("connection_id"));
        Assert.Equal(app.Clock.GetUtcNow() + TimeSpan.FromHours(1), link.Time("expires_at"), TimeSpan.FromMinutes(1));
        Assert.StartsWith(app.Sandbox.FinxAddress.AbsoluteUri, link.Text("location"), StringComparison.Ordinal);
        Assert.Equal("pending", (await app.GetConnectionAsync(link.Text("connection_id"))).Text("status"));
        app.AssertQuiet();
    }

    [Fact]
    public async Task Every_field_of_finX_is_accepted()
    {
        await using var app = await App.StartAsync();

        var link = await app.CreateLinkAsync(new()
        {
            ["state"] = new string('s', 1_024),
            ["tracking_id"] = "t-1",
            ["language"] = "ar",
            ["provider_id"] = "6b2f5b0e-4c52-4f1b-9f0e-0d7f6f0a1002",
            ["accounts"] = new JsonArray(new JsonObject { ["id"] = "DE07 9009 4815 0000 0020 00", ["currency"] = "EUR" }, new JsonObject { ["id"] = "4711951500" }),
            ["account_types"] = new JsonArray("Giro account", "Depot"),
            ["allow_multi_selection"] = true,
            ["sync_period"] = 730,
            ["save_secrets"] = false,
            ["connection_id"] = null,
        });

        Assert.NotNull(link["location"]);
        app.AssertQuiet();
    }

    [Fact]
    public async Task finX_sees_another_state_than_the_callers_and_it_is_not_stored()
    {
        await using var app = await App.StartAsync();

        var callback = app.Finish(await app.CreateLinkAsync(new() { ["state"] = "the-callers-own" }));
        var state = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(callback.Query)["state"].ToString();

        Assert.Matches("^[A-Za-z0-9_-]{64}$", state);
        Assert.StartsWith(World.CallbackAddress, callback.AbsoluteUri, StringComparison.Ordinal);
        Assert.DoesNotContain(await app.RowsAsync("connections"), row => row.Any(property => $"{property.Value}".Contains(state, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Only_the_configured_languages_are_accepted()
    {
        await using var app = await App.StartAsync(new() { ["Links:Languages"] = "de,it" });

        using var known = await PostAsync(app, ("language", "de"));
        using var unknown = await PostAsync(app, ("language", "en"));

        Assert.Equal(HttpStatusCode.Created, known.StatusCode);
        Assert.Equal(["language"], (await unknown.ProblemAsync(400, "invalid_request")).Fields());
    }

    [Fact]
    public async Task A_connection_is_renewed_only_for_its_own_user()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();

        using var foreign = await PostAsync(app, ("connection_id", id), ("user_id", "another"));
        using var unknown = await PostAsync(app, ("connection_id", "00112233445566778899aabbccddeeff"));

        Assert.Equal(["user_id"], (await foreign.ProblemAsync(400, "invalid_request")).Fields());
        await unknown.ProblemAsync(404, "unknown_connection");
        Assert.Single(app.Calls("links.create"));
    }

    public static TheoryData<FaultRule, int, string> Failures() => new()
    {
        { Fault(FaultKind.Refuse), 400, "invalid_request" },
        { Fault(FaultKind.Refuse) with { Status = 401, Body = """{"error":{"code":1004,"group":"client"}}""" }, 502, "finx_refused" },
        { Fault(FaultKind.Refuse) with { Status = 401 }, 502, "finx_refused" },
        { Fault(FaultKind.Refuse) with { Status = 403, Body = """{"error":{"code":1007}}""" }, 502, "finx_refused" },
        { Fault(FaultKind.Refuse) with { Status = 302 }, 502, "finx_unavailable" },
        { Fault(FaultKind.Refuse) with { Status = 423 }, 502, "finx_unavailable" },
        { Fault(FaultKind.Throttle), 503, "finx_unavailable" },
        { Fault(FaultKind.ServerError), 502, "finx_unavailable" },
        { Fault(FaultKind.ServerError) with { Status = 503, Body = "<html>" }, 503, "finx_unavailable" },
        { Fault(FaultKind.DropBefore), 503, "finx_unavailable" },
        { Fault(FaultKind.DropAfter), 503, "finx_unavailable" },
        { Fault(FaultKind.Slow) with { DelayAfter = TimeSpan.FromSeconds(3) }, 503, "finx_unavailable" },
        { Fault(FaultKind.Malformed), 502, "finx_unavailable" },
        { Fault(FaultKind.Malformed) with { Body = "[]" }, 502, "finx_unavailable" },
        { Fault(FaultKind.Malformed) with { Body = "" }, 502, "finx_unavailable" },
        { Fault(FaultKind.Malformed) with { Body = """{"id":"x","location":"not an address"}""" }, 502, "finx_unavailable" },
        { Fault(FaultKind.Malformed) with { Body = """{"id":7,"location":"https://finx.test/"}""" }, 502, "finx_unavailable" },
        { Fault(FaultKind.MissingFields) with { Fields = ["id"] }, 502, "finx_unavailable" },
        { Fault(FaultKind.MissingFields) with { Fields = ["location"] }, 502, "finx_unavailable" },
    };

    [Theory, MemberData(nameof(Failures))]
    public async Task If_finX_makes_no_link_the_caller_learns_why_and_nothing_is_stored(FaultRule fault, int status, string code)
    {
        await using var app = await App.StartAsync(new() { ["Finx:DataTimeout"] = "00:00:01" });
        var applied = app.Sandbox.Faults.Add(fault);

        using var response = await PostAsync(app);
        using var next = await PostAsync(app);

        await response.ProblemAsync(status, code);
        Assert.Equal(HttpStatusCode.Created, next.StatusCode);
        Assert.Equal(1, applied.Applied);
        Assert.Single(app.Calls("links.create"), call => call.Fault is null); // the second request; the app repeats none by itself
        Assert.Equal(2, (await app.RowsAsync("connections")).Count);
        Assert.Single(await app.RowsAsync("agenda"));
        Assert.Single(await app.IndexedAsync());
    }

    [Fact]
    public async Task The_indexes_of_a_connection_are_written_while_finX_is_asked_and_the_connection_after()
    {
        await using var app = await App.StartAsync();
        (await PostAsync(app)).Dispose();
        var answer = new TaskCompletionSource();
        app.Sandbox.Faults.Add(Fault(FaultKind.Slow) with { HoldAfter = answer.Task });

        var creation = PostAsync(app);
        while ((await app.IndexedAsync()).Count < 2 || (await app.RowsAsync("agenda")).Count < 2)
        {
            await Task.Delay(10, Cancel);
        }

        var before = (await app.RowsAsync("connections")).Count;
        answer.SetResult();
        using var created = await creation;

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(2, before); // the first connection and its link
        Assert.Equal(4, (await app.RowsAsync("connections")).Count);
        app.AssertQuiet();
    }

    [Fact]
    public async Task Errors_that_finX_finds_are_forwarded_by_field()
    {
        await using var app = await App.StartAsync();
        app.Sandbox.Faults.Add(Fault(FaultKind.Refuse) with { Body = """{"error":{"code":1000,"group":"client","description":"secret words","data":{"provider_id":["Unknown provider."],"accounts":"Too many."}}}""" });

        using var response = await PostAsync(app);

        var problem = await response.ProblemAsync(400, "invalid_request");
        Assert.Equal("Unknown provider.", problem["errors"]!["provider_id"]![0]!.GetValue<string>());
        Assert.Equal("Too many.", problem["errors"]!["accounts"]![0]!.GetValue<string>());
        Assert.Equal(1000, problem.Number("finx_code"));
        Assert.DoesNotContain("secret words", problem.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retry_After_of_finX_is_forwarded()
    {
        await using var app = await App.StartAsync();
        app.Sandbox.Faults.Add(Fault(FaultKind.Throttle) with { RetryAfter = TimeSpan.FromSeconds(17) });

        using var response = await PostAsync(app);

        await response.ProblemAsync(503, "finx_unavailable");
        Assert.Equal(TimeSpan.FromSeconds(17), response.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task A_link_that_cannot_be_stored_is_not_given_out()
    {
        var gate = new StorageGate();
        await using var app = await App.StartAsync(gate: gate);
        await app.CreateLinkAsync();
        gate.Shut();

        using var response = await PostAsync(app);

        var problem = await response.ProblemAsync(503, "storage_unavailable");
        Assert.DoesNotContain("token=", problem.ToJsonString(), StringComparison.Ordinal);
    }

    private static FaultRule Fault(FaultKind kind) => new() { Kind = kind, Operation = "links.create" };

    private static Task<HttpResponseMessage> PostAsync(App app, params (string Name, string Value)[] fields)
    {
        var body = new JsonObject { ["user_id"] = "user-1", ["return_uri"] = World.ReturnUri };
        foreach (var (name, value) in fields)
        {
            body[name] = value;
        }

        return app.Http.PostAsJsonAsync("/api/links", body, Cancel);
    }
}
