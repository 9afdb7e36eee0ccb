using System.Text.Json.Nodes;
using FinxFunctions.Tests.Running;

namespace FinxFunctions.Tests.Connections;

public class ListConnectionsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_hold_every_connection_once()
    {
        await using var app = await App.StartAsync();
        List<string> made = [];
        for (var number = 0; number < 7; number++)
        {
            made.Add((await app.CreateLinkAsync(new() { ["user_id"] = $"user-{number % 2}" })).Text("connection_id"));
        }

        List<string> listed = [];
        List<int> pages = [];
        for (string? next = ""; next is not null;)
        {
            var page = await ListAsync(app, "?limit=3" + (next.Length == 0 ? "" : $"&next={next}"));
            pages.Add(page["connections"]!.AsArray().Count);
            listed.AddRange(Ids(page));
            next = page["next"]?.GetValue<string>();
        }

        Assert.Equal(made.Order(StringComparer.Ordinal), listed);
        Assert.Equal([3, 3, 1], pages);
        app.AssertQuiet();
    }

    [Fact]
    public async Task A_full_last_page_has_no_next()
    {
        await using var app = await App.StartAsync();
        await app.CreateLinkAsync();
        await app.CreateLinkAsync();

        var page = await ListAsync(app, "?limit=2");

        Assert.Equal(2, page["connections"]!.AsArray().Count);
        Assert.Null(page["next"]);
    }

    [Fact]
    public async Task A_list_of_a_users_connections_holds_no_others_page_by_page()
    {
        await using var app = await App.StartAsync();
        List<string> mine = [];
        for (var number = 0; number < 3; number++)
        {
            mine.Add((await app.CreateLinkAsync(new() { ["user_id"] = "mine/ü'&%" })).Text("connection_id"));
            await app.CreateLinkAsync(new() { ["user_id"] = "mine" });
        }

        var user = Uri.EscapeDataString("mine/ü'&%");
        var first = await ListAsync(app, $"?user_id={user}&limit=2");
        var second = await ListAsync(app, $"?user_id={user}&limit=2&next={first.Text("next")}");
        var nobody = await ListAsync(app, "?user_id=nobody");

        Assert.Equal(mine.Order(StringComparer.Ordinal), Ids(first).Concat(Ids(second)));
        Assert.All(first["connections"]!.AsArray(), connection => Assert.Equal("mine/ü'&%", connection!.AsObject().Text("user_id")));
        Assert.Null(second["next"]);
        Assert.Empty(Ids(nobody));
    }

    [Fact]
    public async Task Connections_are_filtered_by_status()
    {
        await using var app = await App.StartAsync();
        var pending = (await app.CreateLinkAsync()).Text("connection_id");
        var active = await app.ConnectAsync();
        var ended = await app.ConnectAsync();
        var deleted = await app.ConnectAsync();
        (await app.AskRefusedTokenAsync(ended)).Dispose();
        (await app.Http.DeleteAsync($"/api/connections/{deleted}", Cancel)).Dispose();

        Assert.Equal([pending], Ids(await ListAsync(app, "?status=pending")));
        Assert.Equal([active], Ids(await ListAsync(app, "?status=active")));
        Assert.Equal([ended], Ids(await ListAsync(app, "?status=needs_reconsent&user_id=user-1")));
        Assert.Empty(Ids(await ListAsync(app, "?status=deleted")));
        Assert.Equal(3, Ids(await ListAsync(app, "")).Count());
    }

    [Fact]
    public async Task A_connection_shows_its_state_and_nothing_secret()
    {
        await using var app = await App.StartAsync();
        var now = app.Clock.GetUtcNow();
        var id = await app.ConnectAsync();

        var connection = await app.GetConnectionAsync(id);

        Assert.Equal(
            ["connection_id", "consent_expires_at", "created_at", "generation", "next_rotation_at", "reason", "refresh_expires_at", "refreshed_at", "scope", "status", "user_id"],
            connection.Select(field => field.Key).Order());
        Assert.Equal(now, connection.Time("created_at"), TimeSpan.FromMinutes(1));
        Assert.Equal(now, connection.Time("refreshed_at"), TimeSpan.FromMinutes(1));
        Assert.Equal(now.AddDays(90), connection.Time("refresh_expires_at"), TimeSpan.FromMinutes(1));
        Assert.Equal(now.AddDays(180), connection.Time("consent_expires_at"), TimeSpan.FromMinutes(1));
        Assert.InRange(connection.Time("next_rotation_at"), now.AddDays(36), now.AddDays(45.1));
        Assert.All(connection.Where(field => field.Key.EndsWith("_at", StringComparison.Ordinal)), field => Assert.Matches(@"(\+00:00|Z)$", field.Value!.GetValue<string>()));
        Assert.Null(connection["reason"]);
    }

    private static async Task<JsonObject> ListAsync(App app, string query)
    {
        using var response = await app.Http.GetAsync("/api/connections" + query, Cancel);
        return await response.JsonAsync();
    }

    private static IEnumerable<string> Ids(JsonObject page) => page["connections"]!.AsArray().Select(connection => connection!.AsObject().Text("connection_id"));
}
