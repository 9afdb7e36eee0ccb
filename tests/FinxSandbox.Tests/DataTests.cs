using System.Net;
using System.Text.Json.Nodes;

namespace FinxSandbox.Tests;

public sealed class DataTests
{
    [Fact]
    public async Task Accounts_have_the_documented_fields()
    {
        await using var client = await Client.StartAsync();
        var (access, _) = await client.ConnectAsync();

        var answer = await client.BearerAsync(access, "/rest/accounts/");

        var accounts = (await Client.JsonAsync(answer))["accounts"]!.AsArray();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(3, accounts.Count);
        foreach (var field in new[] { "account_id", "access_id", "account_number", "bank_code", "iban", "bic", "bank_name", "currency", "type", "name", "owner", "auto_sync", "save_pin", "is_jointly_managed", "icon", "supported_payments", "balance", "status" })
            Assert.NotNull(accounts[0]![field]);
        Assert.False(accounts[0]!["auto_sync"]!.GetValue<bool>());
    }

    [Fact]
    public async Task One_account_its_balance_and_one_transaction_can_be_read()
    {
        await using var client = await Client.StartAsync();
        var (access, _) = await client.ConnectAsync();
        var transaction = (await TransactionsAsync(client, access, "?count=1"))[0]!;
        var account = transaction["account_id"]!.GetValue<string>();

        Assert.Equal(account, (await Client.JsonAsync(await client.BearerAsync(access, $"/rest/accounts/{account}")))["account_id"]!.GetValue<string>());
        Assert.NotNull((await Client.JsonAsync(await client.BearerAsync(access, $"/rest/accounts/{account}/balance")))["balance_date"]);
        var one = await Client.JsonAsync(await client.BearerAsync(access, $"/rest/accounts/{account}/transactions/{transaction["transaction_id"]}"));
        Assert.True(JsonNode.DeepEquals(transaction, one));
        Assert.Equal(HttpStatusCode.NotFound, (await client.BearerAsync(access, "/rest/accounts/A9.9")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.BearerAsync(access, "/rest/accounts/A9.9/transactions")).StatusCode);
    }

    [Fact]
    public async Task A_year_of_transactions_is_there_when_asked_for_and_is_always_the_same()
    {
        await using var client = await Client.StartAsync();
        var (first, _) = await client.ConnectAsync(new() { ["sync_period"] = 365 });
        await using var other = await Client.StartAsync();
        other.Server.Clock.Set(client.Server.Clock.GetUtcNow());
        var (second, _) = await other.ConnectAsync(new() { ["sync_period"] = 5_000 });

        var one = await TransactionsAsync(client, first);
        var two = await TransactionsAsync(other, second);

        Assert.InRange(one.Count, 400, 800);
        Assert.Equal(one.Select(Key), two.Select(Key));
        Assert.Equal(one.Count, one.Select(item => item!["transaction_id"]!.GetValue<string>()).Distinct().Count());
        Assert.Contains(one, item => item!["type"]!.GetValue<string>() is "Salary or rent" && item["amount"]!.GetValue<decimal>() > 0);

        static string Key(JsonNode? item) => $"{item!["transaction_id"]} {item["amount"]} {item["booked_at"]}";
    }

    [Fact]
    public async Task Pages_come_newest_first_and_fit_together()
    {
        await using var client = await Client.StartAsync();
        var (access, _) = await client.ConnectAsync();

        var all = await TransactionsAsync(client, access);
        var pages = new List<string>();
        for (var offset = 0; offset < all.Count; offset += 50)
            pages.AddRange((await TransactionsAsync(client, access, $"?count=50&offset={offset}")).Select(Id));

        Assert.Equal(all.Select(Id), pages);
        Assert.Equal(all.Select(Id).Reverse(), (await TransactionsAsync(client, access, "?sort=asc")).Select(Id));
        Assert.Equal(all.Select(Day).OrderDescending(), all.Select(Day));
    }

    [Fact]
    public async Task Filters_leave_what_was_asked_for()
    {
        await using var client = await Client.StartAsync();
        client.Server.Clock.Set(new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero));
        var (access, _) = await client.ConnectAsync();

        Assert.All(await SomeAsync(client, access, "?accounts=A1.2"), item => Assert.Equal("A1.2", item!["account_id"]!.GetValue<string>()));
        Assert.All(await SomeAsync(client, access, "?since=2026-06-01&until=2026-06-30"), item => Assert.StartsWith("2026-06", Day(item), StringComparison.Ordinal));
        Assert.All(await SomeAsync(client, access, "?filter=person:LINDNER"), item => Assert.Equal("Frischmarkt Lindner", item!["name"]!.GetValue<string>()));
        Assert.All(await SomeAsync(client, access, "?amount_gte=-50&amount_lt=0"), item => Assert.InRange(item!["amount"]!.GetValue<decimal>(), -50m, -0.01m));
        Assert.All(await SomeAsync(client, access, "?types=Standing%20order,Direct%20debit"), item => Assert.True(item!["type"]!.GetValue<string>() is "Standing order" or "Direct debit"));
        Assert.All(await SomeAsync(client, access, "?categories=151"), item => Assert.Equal("Rent", item!["categories"]![0]!["name"]!.GetValue<string>()));
        var partner = (await TransactionsAsync(client, access, "?count=1"))[0]!["payment_partner"]!["id"]!.GetValue<string>();
        Assert.All(await SomeAsync(client, access, $"?payment_partners={partner}"), item => Assert.Equal(partner, item!["payment_partner"]!["id"]!.GetValue<string>()));
        Assert.NotEmpty(await TransactionsAsync(client, access, "?sync_id=S1"));
        Assert.All(await SomeAsync(client, access, "?include_pending=true&filter=date:2026-07-01"), item => Assert.Equal(item!["type"]!.GetValue<string>() is not "Electronic cash", item["booked"]!.GetValue<bool>()));
        Assert.Empty(await TransactionsAsync(client, access, "?sync_id=S2"));
    }

    [Fact]
    public async Task Since_a_transaction_gives_what_is_newer()
    {
        await using var client = await Client.StartAsync();
        var (access, _) = await client.ConnectAsync();
        var all = await TransactionsAsync(client, access);

        var newer = await TransactionsAsync(client, access, $"?since={Id(all[10])}");

        Assert.Equal(all.Take(10).Select(Id), newer.Select(Id));
    }

    [Fact]
    public async Task With_stored_secrets_new_days_are_synchronised()
    {
        await using var client = await Client.StartAsync();
        var (access, _) = await client.ConnectAsync(new() { ["save_secrets"] = true });
        var (manual, _) = await client.ConnectAsync(new() { ["user_id"] = "user-2" });
        var before = client.Server.Clock.GetUtcNow();
        var (automatic, still) = (await TransactionsAsync(client, access), await TransactionsAsync(client, manual));

        client.Server.Options = client.Server.Options with { AccessTokenLifetime = TimeSpan.FromDays(100) };
        (access, _) = await client.ConnectAsync(new() { ["save_secrets"] = true });
        (manual, _) = await client.ConnectAsync(new() { ["user_id"] = "user-3" });
        client.Server.Clock.Advance(TimeSpan.FromDays(40));

        var later = await TransactionsAsync(client, access);
        Assert.True(later.Count > automatic.Count + 20);
        Assert.Equal(still.Count, (await TransactionsAsync(client, manual)).Count);
        var created = await TransactionsAsync(client, access, $"?since_type=created&since={Uri.EscapeDataString(before.AddDays(1).ToString("O"))}");
        Assert.InRange(created.Count, 20, later.Count - automatic.Count);
    }

    [Theory]
    [InlineData("count=x", "count")]
    [InlineData("sort=up", "sort")]
    [InlineData("until=soon", "until")]
    [InlineData("filter=colour:red", "filter")]
    [InlineData("amount_gte=much", "amount_gte")]
    public async Task A_wrong_parameter_is_named(string query, string field)
    {
        await using var client = await Client.StartAsync();
        var (access, _) = await client.ConnectAsync();

        var refused = await client.BearerAsync(access, $"/rest/transactions?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.NotNull((await Client.JsonAsync(refused))["error"]!["data"]![field]);
    }

    [Fact]
    public async Task An_access_token_ends_by_the_sandbox_clock()
    {
        await using var client = await Client.StartAsync();
        var (access, _) = await client.ConnectAsync();

        client.Server.Clock.Advance(TimeSpan.FromHours(1));
        var refused = await client.BearerAsync(access, "/rest/accounts");

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains("invalid_token", Assert.Single(refused.Headers.WwwAuthenticate).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_very_long_access_token_is_taken()
    {
        await using var client = await Client.StartAsync(new SandboxOptions { AccessTokenLength = 100_000 });
        var (access, _) = await client.ConnectAsync();

        Assert.Equal(HttpStatusCode.OK, (await client.BearerAsync(access, "/rest/accounts")).StatusCode);
    }

    [Fact]
    public async Task Users_see_their_own_accounts_and_connections_of_a_user_share_them()
    {
        await using var client = await Client.StartAsync();
        var (first, _) = await client.ConnectAsync();
        await client.ConnectAsync(new() { ["provider_id"] = "6b2f5b0e-4c52-4f1b-9f0e-0d7f6f0a1002" });
        var (stranger, _) = await client.ConnectAsync(new() { ["user_id"] = "user-2" });

        Assert.Equal(6, await AccountsAsync(client, first));
        Assert.Equal(3, await AccountsAsync(client, stranger));
    }

    [Fact]
    public async Task An_account_and_a_user_can_be_deleted()
    {
        await using var client = await Client.StartAsync();
        var (access, refresh) = await client.ConnectAsync();
        var code = await client.CodeAsync();

        Assert.Equal(HttpStatusCode.NoContent, (await client.BearerAsync(access, "/rest/accounts/A1.1", HttpMethod.Delete)).StatusCode);
        Assert.Equal(2, await AccountsAsync(client, access));
        Assert.Equal(HttpStatusCode.NoContent, (await client.BearerAsync(access, "/rest/user", HttpMethod.Delete)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.BearerAsync(access, "/rest/accounts")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.RefreshAsync(refresh)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.ExchangeAsync(code)).StatusCode);
    }

    private static async Task<JsonArray> TransactionsAsync(Client client, string accessToken, string query = "") =>
        (await Client.JsonAsync(await client.BearerAsync(accessToken, $"/rest/transactions{query}")))["transactions"]!.AsArray();

    private static async Task<JsonArray> SomeAsync(Client client, string accessToken, string query)
    {
        var some = await TransactionsAsync(client, accessToken, query);
        Assert.NotEmpty(some);
        return some;
    }

    private static async Task<int> AccountsAsync(Client client, string accessToken) =>
        (await Client.JsonAsync(await client.BearerAsync(accessToken, "/rest/accounts")))["accounts"]!.AsArray().Count;

    private static string Id(JsonNode? transaction) => transaction!["transaction_id"]!.GetValue<string>();

    private static string Day(JsonNode? transaction) => transaction!["booked_at"]!.GetValue<string>();
}
