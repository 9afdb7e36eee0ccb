using System.Net;
using System.Text.Json.Nodes;
using System.Web;
using FinxSandbox.Finx.Widget;

namespace FinxSandbox.Tests;

public sealed class WidgetTests
{
    private const string Demobank = "6b2f5b0e-4c52-4f1b-9f0e-0d7f6f0a1002";

    [Fact]
    public async Task A_user_goes_from_bank_to_code()
    {
        await using var client = await Client.StartAsync();
        var (flowId, location) = await client.LinkAsync();
        var walk = await WidgetWalk.OpenAsync(client, location);

        Assert.Equal("Wählen Sie Ihre Bank", walk.Heading);
        await walk.PressAsync("next", ("bank", walk.Option("Mockbank")));
        Assert.Equal("Anmelden bei Mockbank - Embedded/Decoupled", walk.Heading);
        Assert.Contains("<code>figo01</code> / <code>654321</code>", walk.Page, StringComparison.Ordinal);
        await walk.PressAsync("next", ("user", "figo01"), ("password", "654321"), ("save_secrets", "true"));
        await walk.PressAsync("next", ("otp", "123456"));
        await walk.PressAsync("next", ("account", walk.Option("Girokonto")), ("account", walk.Option("Tagesgeld")));
        Assert.Contains("DE77900948150000002001", walk.Page, StringComparison.Ordinal);
        await walk.PressAsync("next");

        var query = HttpUtility.ParseQueryString(walk.Left!.Query);
        Assert.Equal(["code", "state", "success", "flow_id"], query.AllKeys);
        Assert.Equal(("s-1", "true", flowId), (query["state"], query["success"], query["flow_id"]));
        var (access, _) = Client.Pair(await Client.JsonAsync(await client.ExchangeAsync(query["code"]!)));
        var accounts = (await Client.JsonAsync(await client.BearerAsync(access, "/rest/accounts")))["accounts"]!.AsArray();
        Assert.Equal(2, accounts.Count);
        Assert.True(accounts[0]!["auto_sync"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Wrong_credentials_and_a_wrong_otp_go_no_further()
    {
        await using var client = await Client.StartAsync();
        var (_, location) = await client.LinkAsync(new() { ["language"] = "en" });
        var walk = await WidgetWalk.OpenAsync(client, location);
        await walk.PressAsync("next");
        Assert.Contains("Please choose a bank.", walk.Page, StringComparison.Ordinal);
        await walk.PressAsync("next", ("bank", walk.Option("Mockbank")));

        await walk.PressAsync("next", ("user", "figo01"), ("password", "wrong"));
        Assert.Contains("The user name or password is wrong.", walk.Page, StringComparison.Ordinal);
        await walk.PressAsync("next", ("user", "figo01"), ("password", "654321"));
        await walk.PressAsync("next", ("otp", "000000"));
        Assert.Contains("The one-time password is wrong.", walk.Page, StringComparison.Ordinal);
        await walk.PressAsync("back");
        Assert.Equal("Log in to Mockbank - Embedded/Decoupled", walk.Heading);
    }

    [Theory]
    [InlineData("provider_id", "\"" + Demobank + "\"")]
    [InlineData("accounts", "[{\"id\":\"DE00 9009 0042 0000 0000 00\"}]")]
    public async Task A_bank_can_be_chosen_by_the_link(string field, string value)
    {
        await using var client = await Client.StartAsync();

        var (_, location) = await client.LinkAsync(new() { [field] = JsonNode.Parse(value) });

        Assert.Equal("Anmelden bei Demobank - 90090042", (await WidgetWalk.OpenAsync(client, location)).Heading);
    }

    [Fact]
    public async Task An_account_named_in_the_link_is_checked_and_one_choice_is_one()
    {
        await using var client = await Client.StartAsync();
        var (_, location) = await client.LinkAsync(new()
        {
            ["accounts"] = new JsonArray(new JsonObject { ["id"] = "DE77900948150000002001" }),
            ["allow_multi_selection"] = false,
            ["save_secrets"] = true,
        });
        var walk = await WidgetWalk.OpenAsync(client, location);
        Assert.DoesNotContain("save_secrets", walk.Page, StringComparison.Ordinal);

        await walk.PressAsync("next", ("user", "figo01"), ("password", "654321"));
        await walk.PressAsync("next", ("otp", "123456"));

        Assert.Equal("Wählen Sie ein Konto", walk.Heading);
        Assert.Contains("type=\"radio\" name=\"account\" value=\"1\" checked", walk.Page, StringComparison.Ordinal);
        Assert.DoesNotContain("type=\"checkbox\"", walk.Page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CallbackVariant.Cancel, "cancel", "state=s-1&success=false&cancel=true&flow_id=")]
    [InlineData(CallbackVariant.Cancel, "fail", "state=s-1&success=false&flow_id=")]
    [InlineData(CallbackVariant.Abort, "cancel", "state=s-1&success=false&abort=true&flow_id=")]
    [InlineData(CallbackVariant.Abort, "fail", "state=s-1&success=false&abort=false&flow_id=")]
    public async Task Every_page_can_be_cancelled_or_failed(CallbackVariant variant, string button, string expected)
    {
        await using var client = await Client.StartAsync(new SandboxOptions { CallbackVariant = variant });
        var (_, location) = await client.LinkAsync();
        var walk = await WidgetWalk.OpenAsync(client, location);

        await walk.PressAsync(button);

        Assert.StartsWith($"https://app.example/cb?{expected}", walk.Left!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_other_order_starts_with_the_flow_and_the_redirect_keeps_its_query_and_fragment()
    {
        await using var client = await Client.StartAsync(new SandboxOptions { CallbackVariant = CallbackVariant.Abort, CallbackOrder = CallbackOrder.FlowIdFirst });
        var (flowId, _) = await client.LinkAsync(new() { ["redirect_uri"] = "https://app.example/cb?tenant=a%26b#top", ["state"] = "ä&=" });

        var left = client.Server.Finish(flowId)!;

        Assert.Equal(["tenant", "flow_id", "code", "success", "abort", "state"], HttpUtility.ParseQueryString(left.Query).AllKeys);
        Assert.Equal("ä&=", HttpUtility.ParseQueryString(left.Query)["state"]);
        Assert.Equal("#top", left.Fragment);
    }

    [Fact]
    public async Task A_link_is_for_one_use_and_expires()
    {
        await using var client = await Client.StartAsync();
        var (_, used) = await client.LinkAsync();
        var (flowId, late) = await client.LinkAsync(new() { ["language"] = "en" });
        await (await WidgetWalk.OpenAsync(client, used)).PressAsync("cancel");

        client.Server.Clock.Advance(TimeSpan.FromMinutes(15));

        Assert.Equal(HttpStatusCode.Gone, (await WidgetWalk.OpenAsync(client, used)).Status);
        var walk = await WidgetWalk.OpenAsync(client, late);
        Assert.Equal(HttpStatusCode.Gone, walk.Status);
        Assert.Equal("This link is no longer valid", walk.Heading);
        Assert.Null(client.Server.Finish(flowId));
    }

    [Fact]
    public async Task A_synchronisation_goes_to_the_known_bank_and_returns_no_code()
    {
        await using var client = await Client.StartAsync();
        await client.ConnectAsync(new() { ["provider_id"] = Demobank });

        var (flowId, location) = await client.LinkAsync(new() { ["account_ids"] = new JsonArray("A1.1") }, "/ongoing/sync");

        var walk = await WidgetWalk.OpenAsync(client, location);
        Assert.Equal("Anmelden bei Demobank - 90090042", walk.Heading);
        await walk.PressAsync("next", ("user", "demo"), ("password", "demo"));
        await walk.PressAsync("next");
        await walk.PressAsync("next");
        var query = HttpUtility.ParseQueryString(walk.Left!.Query);
        Assert.Equal(flowId, query["flow_id"]);
        Assert.Equal("true", query["success"]);
        Assert.Null(query["code"]);
    }
}
