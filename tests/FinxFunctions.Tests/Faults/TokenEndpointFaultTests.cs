using FinxFunctions.Tests.Running;
using FinxSandbox.Finx.Tokens;

namespace FinxFunctions.Tests.Faults;

/// <summary>
/// Every kind of fault at finX's token endpoint: what the caller gets, and what becomes of the connection. finX honours a code and a refresh
/// token once; where it acted and its answer is lost, the answer stays lost.
/// </summary>
public class TokenEndpointFaultTests
{
    [Theory]
    [InlineData("refuse", "failed: refused")]
    [InlineData("refuse-client", "connected")]
    [InlineData("throttle", "connected")]
    [InlineData("server-error", "connected")]
    [InlineData("drop-before", "connected")]
    [InlineData("drop-after", "failed: ambiguous")]
    [InlineData("slow", "connected")]
    [InlineData("malformed", "failed: ambiguous")]
    [InlineData("missing-access-token", "connected")]
    [InlineData("missing-refresh-token", "connected")]
    [InlineData("missing-expires-in", "connected")]
    public Task At_the_exchange(string kind, string outcome) => Fault.RunAsync(kind, (settings, factor) => ExchangeAsync(kind, outcome, settings, factor));

    private static async Task ExchangeAsync(string kind, string outcome, Dictionary<string, string?> settings, double factor)
    {
        await using var app = await App.StartAsync(settings);
        var link = await app.CreateLinkAsync();
        var callback = app.Finish(link);
        app.Sandbox.Faults.Add(Fault.At("token.exchange", kind, factor) with { Times = kind == "refuse" ? 2 : 1 });

        using var returned = await app.VisitAsync(callback);
        using var again = await app.VisitAsync(callback);
        app.Sandbox.Faults.Clear();
        var id = link.Text("connection_id");
        var isConnected = outcome == "connected";
        await app.ConnectAsync(new() { ["connection_id"] = id }); // whatever came of it, another link helps

        Assert.Equal(outcome, Said(returned.Returned().GetValueOrDefault("status"), returned.Returned().GetValueOrDefault("error")));
        Assert.Equal(returned.Headers.Location, again.Headers.Location);
        Assert.Equal(isConnected ? 2 : 1, (await app.GetTokenAsync(id)).Number("generation"));

        // The entry of the connection that was to end with its access token stays until it is due.
        await AssertSettledAsync(app, kind == "missing-refresh-token" ? 2 : 1);
    }

    [Theory]
    [InlineData("refuse", RefreshTokenReuse.Dead, "needs_reconsent: refused")]
    [InlineData("refuse-client", RefreshTokenReuse.Dead, "finx_refused")]
    [InlineData("throttle", RefreshTokenReuse.Dead, "finx_unavailable")]
    [InlineData("server-error", RefreshTokenReuse.Dead, "finx_unavailable")]
    [InlineData("drop-before", RefreshTokenReuse.Dead, "ok")]
    [InlineData("drop-after", RefreshTokenReuse.Dead, "needs_reconsent: ambiguous")]
    [InlineData("drop-after", RefreshTokenReuse.Grace, "ok")]
    [InlineData("drop-after", RefreshTokenReuse.RevokeFamily, "needs_reconsent: ambiguous")]
    [InlineData("slow", RefreshTokenReuse.Dead, "ok")]
    [InlineData("slow", RefreshTokenReuse.Grace, "ok")]
    [InlineData("malformed", RefreshTokenReuse.Dead, "needs_reconsent: ambiguous")]
    [InlineData("malformed", RefreshTokenReuse.Grace, "ok")]
    [InlineData("missing-access-token", RefreshTokenReuse.Grace, "ok")]
    [InlineData("missing-refresh-token", RefreshTokenReuse.Dead, "ok")]
    [InlineData("missing-expires-in", RefreshTokenReuse.Dead, "ok")]
    public Task At_a_refresh(string kind, RefreshTokenReuse reuse, string outcome) => Fault.RunAsync(kind, (settings, factor) => RefreshAsync(kind, reuse, outcome, settings, factor));

    private static async Task RefreshAsync(string kind, RefreshTokenReuse reuse, string outcome, Dictionary<string, string?> settings, double factor)
    {
        await using var app = await App.StartAsync(settings, new() { RefreshTokenReuse = reuse });
        var id = await app.ConnectAsync();
        app.Clock.Advance(TimeSpan.FromHours(2));
        app.Sandbox.Faults.Add(Fault.At("token.refresh", kind, factor) with { Times = kind == "refuse" ? 2 : 1 });
        if (outcome.StartsWith("needs_reconsent", StringComparison.Ordinal))
        {
            using var first = await app.AskTokenAsync(id);
            await first.ProblemAsync(503, "finx_unavailable");
            app.Clock.Advance(App.RefusalPause);
        }

        using var response = await app.AskTokenAsync(id);
        var body = await response.JsonAsync(response.StatusCode);
        app.Sandbox.Faults.Clear();
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        using var afterwards = await app.AskTokenAsync(id);

        Assert.Equal(outcome, body.ContainsKey("access_token") ? "ok" : Said((string?)body["code"], (string?)body["reason"]));
        if (outcome.StartsWith("needs_reconsent", StringComparison.Ordinal))
        {
            await afterwards.ProblemAsync(409, "needs_reconsent");
        }
        else
        {
            // An answer without an access token counts, and the next read refreshes.
            Assert.Equal(kind == "missing-access-token" ? 3 : 2, (await afterwards.JsonAsync()).Number("generation"));
        }

        await AssertSettledAsync(app);
    }

    [Fact]
    public async Task A_second_presentation_of_a_token_waits_where_it_would_end_the_whole_family()
    {
        await using var app = await App.StartAsync(new() { ["Tokens:ReuseRevokesFamily"] = "true" }, new() { RefreshTokenReuse = RefreshTokenReuse.RevokeFamily });
        var id = await app.ConnectAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(50));
        app.Sandbox.Faults.Add(Fault.At("token.refresh", "drop-after"));

        var during = await app.GetTokenAsync(id, new() { ["min_validity"] = 1_800 });
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        var later = await app.GetTokenAsync(id);
        var presentations = app.Calls("token.refresh").Count;
        app.Clock.Advance(TimeSpan.FromMinutes(30));
        using var refused = await app.AskTokenAsync(id);
        app.Clock.Advance(App.RefusalPause);
        using var over = await app.AskTokenAsync(id);

        Assert.Equal(1, during.Number("generation"));
        Assert.Equal(1, later.Number("generation"));
        Assert.Equal(1, presentations);
        await refused.ProblemAsync(503, "finx_unavailable");
        Assert.Equal("ambiguous", (await over.ProblemAsync(409, "needs_reconsent")).Text("reason"));
    }

    [Fact]
    public async Task With_no_replays_allowed_a_token_is_never_presented_twice()
    {
        await using var app = await App.StartAsync(new() { ["Tokens:Replays"] = "0" });
        var id = await app.ConnectAsync();
        app.Clock.Advance(TimeSpan.FromHours(2));
        app.Sandbox.Faults.Add(Fault.At("token.refresh", "drop-after"));

        using var response = await app.AskTokenAsync(id);

        Assert.Equal("ambiguous", (await response.ProblemAsync(409, "needs_reconsent")).Text("reason"));
        Assert.Single(app.Calls("token.refresh"));
    }

    [Fact]
    public async Task The_circuit_opens_when_finX_fails_for_many_connections()
    {
        await using var app = await App.StartAsync();
        List<string> ids = [];
        for (var number = 0; number < 25; number++)
        {
            ids.Add(await app.ConnectAsync());
        }

        app.Clock.Advance(TimeSpan.FromHours(2));
        app.Sandbox.Faults.Add(Fault.At("token.refresh", "server-error") with { Times = null });
        foreach (var id in ids)
        {
            using var failed = await app.AskTokenAsync(id);
            await failed.ProblemAsync(503, "finx_unavailable");
        }

        Assert.InRange(app.Calls("token.refresh").Count, 15, 22);
    }

    private static string Said(string? outcome, string? why) => why is null ? $"{outcome}" : $"{outcome}: {why}";

    /// <summary>Asserts that no work is left: no lease, and at most one due entry after a tick.</summary>
    private static async Task AssertSettledAsync(App app, int entries = 1)
    {
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        await app.TickAsync();

        Assert.DoesNotContain(await app.RowsAsync("connections"), row => row.RowKey == "claim");
        Assert.InRange((await app.RowsAsync("agenda")).Count, 0, entries);
    }
}
