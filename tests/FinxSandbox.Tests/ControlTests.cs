using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace FinxSandbox.Tests;

public sealed class ControlTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_clock_is_read_set_and_advanced()
    {
        await using var client = await Client.StartAsync();

        await client.PostAsync("/sandbox/clock", new() { ["set"] = "2030-01-01T00:00:00Z" });
        await client.PostAsync("/sandbox/clock", new() { ["advance"] = "P1DT1H" });
        var clock = await Client.JsonAsync(await client.PostAsync("/sandbox/clock", new() { ["advance"] = 60 }));

        var now = DateTimeOffset.Parse(clock["now"]!.GetValue<string>(), CultureInfo.InvariantCulture);
        Assert.InRange(now, new(2030, 1, 2, 1, 1, 0, TimeSpan.Zero), new(2030, 1, 2, 2, 0, 0, TimeSpan.Zero));
        Assert.InRange(client.Server.Clock.GetUtcNow(), now, now.AddHours(1));
    }

    [Fact]
    public async Task Faults_are_added_listed_and_removed()
    {
        await using var client = await Client.StartAsync();

        var added = await client.PostAsync("/sandbox/faults", new() { ["kind"] = "throttle", ["operation"] = "data.*", ["retry_after"] = 3, ["times"] = 2 });
        await client.BearerAsync("x", "/rest/accounts");
        var id = (await Client.JsonAsync(added))["id"]!.GetValue<string>();
        var listed = (await GetAsync(client, "/sandbox/faults"))["faults"]!.AsArray();
        var removed = await client.Http.DeleteAsync($"/sandbox/faults/{id}", Cancel);

        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        Assert.Equal(1, Assert.Single(listed)!["remaining"]!.GetValue<int>());
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Empty(client.Server.Faults.Active);
    }

    [Theory]
    [InlineData("""{"kind":"unheard of"}""")]
    [InlineData("""{"operation":"token.refresh"}""")]
    [InlineData("""{"kind":"slow","delay_before":"a while"}""")]
    [InlineData("""{"kind":"slow","delay":5}""")]
    public async Task A_rule_that_makes_no_sense_is_refused(string rule)
    {
        await using var client = await Client.StartAsync();

        var refused = await client.PostAsync("/sandbox/faults", JsonNode.Parse(rule)!.AsObject());

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task Options_change_but_not_those_fixed_at_the_start()
    {
        await using var client = await Client.StartAsync();

        var changed = await client.Http.PatchAsync("/sandbox/options", new StringContent("""{"refresh_token_reuse":"grace","CodeLifetime":"PT1H","access_token_length":5}"""), Cancel);
        var fixedOne = await client.Http.PatchAsync("/sandbox/options", new StringContent("""{"finx_port":1}"""), Cancel);
        var unknown = await client.Http.PatchAsync("/sandbox/options", new StringContent("""{"colour":"red"}"""), Cancel);

        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal(TimeSpan.FromHours(1), client.Server.Options.CodeLifetime);
        Assert.Equal(5, client.Server.Options.AccessTokenLength);
        Assert.Equal(HttpStatusCode.BadRequest, fixedOne.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
    }

    [Fact]
    public async Task Journal_and_state_can_be_read_and_the_journal_emptied()
    {
        await using var client = await Client.StartAsync();
        await client.ConnectAsync();

        var journal = (await GetAsync(client, "/sandbox/journal?operation=token.exchange"))["entries"]!.AsArray();
        var state = (await GetAsync(client, "/sandbox/state"))["connections"]!.AsArray();
        await client.Http.DeleteAsync("/sandbox/journal", Cancel);

        Assert.Equal(state[0]!["newest_refresh_token"]!.GetValue<string>(), Assert.Single(journal)!["issued_refresh_token"]!.GetValue<string>());
        Assert.Empty(client.Server.Journal.Entries);
    }

    [Fact]
    public async Task A_link_is_finished_without_its_pages_once()
    {
        await using var client = await Client.StartAsync();
        var (flowId, _) = await client.LinkAsync();

        var finished = await client.PostAsync($"/sandbox/links/{flowId}/finish", new() { ["outcome"] = "cancel" });
        var again = await client.PostAsync($"/sandbox/links/{flowId}/finish", []);

        Assert.Contains("cancel=true", (await Client.JsonAsync(finished))["location"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Gone, again.StatusCode);
    }

    [Fact]
    public async Task The_index_says_what_this_is()
    {
        await using var client = await Client.StartAsync();

        var page = await client.Http.GetStringAsync("/", Cancel);

        Assert.Contains(client.Server.VaultPublicKeyThumbprint, page, StringComparison.Ordinal);
    }

    private static async Task<JsonObject> GetAsync(Client client, string path) => await Client.JsonAsync(await client.Http.GetAsync(path, Cancel));
}
