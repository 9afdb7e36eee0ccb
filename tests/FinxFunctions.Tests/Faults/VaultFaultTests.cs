using System.Net;
using FinxFunctions.Tests.Running;

namespace FinxFunctions.Tests.Faults;

/// <summary>Every kind of fault at Key Vault. None loses a token, and none makes the app ask finX twice.</summary>
public class VaultFaultTests
{
    private static readonly TimeSpan BeyondTheLease = TimeSpan.FromMinutes(5);

    public static TheoryData<string> Kinds => ["forbid", "throttle", "server-error", "drop-before", "drop-after", "malformed", "missing-id", "missing-value"];

    [Theory, MemberData(nameof(Kinds))]
    public async Task At_the_writing_of_a_refreshed_pair_for_once(string kind)
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        app.Clock.Advance(TimeSpan.FromHours(2));
        app.Sandbox.Faults.Add(Fault.At("vault.set", kind));

        var token = await app.GetTokenAsync(id);
        app.Sandbox.Faults.Clear();

        Assert.Equal(2, token.Number("generation"));
        await AssertPersistedAsync(app, id, token.Text("access_token"));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task At_the_writing_of_a_refreshed_pair_for_as_long_as_it_is_tried(string kind)
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        app.Clock.Advance(TimeSpan.FromHours(2));
        app.Sandbox.Faults.Add(Fault.At("vault.set", kind) with { Times = null });

        var token = await app.GetTokenAsync(id);
        app.Sandbox.Faults.Clear();

        Assert.Equal(2, token.Number("generation"));
        await AssertPersistedAsync(app, id, token.Text("access_token"));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task At_the_writing_of_the_first_pair_the_user_does_not_wait_and_the_code_is_redeemed_once(string kind)
    {
        await using var app = await App.StartAsync(new() { ["Tokens:WaitLimit"] = "00:00:02" });
        await app.ConnectAsync(new() { ["user_id"] = "another" }); // makes the keys
        var link = await app.CreateLinkAsync();
        var callback = app.Finish(link);
        app.Sandbox.Faults.Add(Fault.At("vault.set", kind) with { Times = null });

        using var answered = await app.VisitAsync(callback);
        app.Sandbox.Faults.Clear();
        app.Clock.Advance(BeyondTheLease);
        using var returned = await app.VisitAsync(callback);

        Assert.Equal("connected", answered.Returned()["status"]);
        Assert.Equal("connected", returned.Returned()["status"]);
        Assert.Equal(1, (await app.GetTokenAsync(link.Text("connection_id"))).Number("generation"));
        Assert.Equal(2, app.Calls("token.exchange").Count);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task At_the_reading_of_a_pair(string kind)
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        await using var other = await app.StartTwinAsync();
        app.Sandbox.Faults.Add(Fault.At("vault.get", kind) with { Times = null });

        using var failed = await other.AskTokenAsync(id);
        app.Sandbox.Faults.Clear();
        var token = await other.GetTokenAsync(id);

        await failed.ProblemAsync(503, "vault_unavailable");
        Assert.Equal(1, token.Number("generation"));
        Assert.Empty(app.Calls("token.refresh"));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task At_the_reading_of_a_pair_with_an_expired_access_token_no_token_is_redeemed(string kind)
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        await using var other = await app.StartTwinAsync();
        app.Clock.Advance(TimeSpan.FromHours(2));
        app.Sandbox.Faults.Add(Fault.At("vault.get", kind) with { Times = 1 });

        using var first = await other.AskTokenAsync(id);
        app.Sandbox.Faults.Clear();
        var token = await other.GetTokenAsync(id);

        Assert.Equal(2, token.Number("generation"));
        Assert.Single(app.Calls("token.refresh"));
        await AssertPersistedAsync(app, id, token.Text("access_token"));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task At_a_deletion_what_is_left_is_tried_again(string kind)
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        app.Sandbox.Faults.Add(Fault.At("vault.delete", kind) with { Times = null });

        using var failed = await app.Http.DeleteAsync($"/api/connections/{id}", TestContext.Current.CancellationToken);
        app.Sandbox.Faults.Clear();
        app.Clock.Advance(BeyondTheLease);
        using var again = await app.Http.DeleteAsync($"/api/connections/{id}", TestContext.Current.CancellationToken);
        await app.SettleAsync();

        Assert.True(failed.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.ServiceUnavailable, $"{failed.StatusCode}");
        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
        Assert.Empty(await app.PairsAsync());
        Assert.Single(await app.RowsAsync("connections"));
    }

    /// <summary>Asserts that the pair that the caller got is the one that is persisted, was requested once, and can be refreshed again.</summary>
    private static async Task AssertPersistedAsync(App app, string id, string accessToken)
    {
        app.Clock.Advance(BeyondTheLease);
        await app.TickAsync();
        await using var cold = await app.StartTwinAsync();

        Assert.Equal(accessToken, (await cold.GetTokenAsync(id)).Text("access_token"));
        Assert.Equal(2, (await app.GetConnectionAsync(id)).Number("generation"));
        Assert.DoesNotContain(await app.RowsAsync("connections"), row => row.RowKey == "claim");
        Assert.Single(app.Calls("token.refresh"));
        Assert.Equal(3, (await cold.GetTokenAsync(id, new() { ["rejected_generation"] = 2 })).Number("generation"));
    }
}
