using System.Net;
using FinxFunctions.Tests.Running;

namespace FinxFunctions.Tests;

public class WholeFlowTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_user_connects_a_bank_in_the_browser_and_is_forgotten_again()
    {
        await using var app = await App.StartAsync();
        using var browser = new Browser();

        var link = await app.CreateLinkAsync(new() { ["state"] = "mine & only=mine" });
        var callback = await browser.ConnectAsync(new Uri(link.Text("location")));
        using var returned = await app.VisitAsync(callback);
        var id = link.Text("connection_id");

        Assert.Equal(
            new Dictionary<string, string> { ["connection_id"] = id, ["state"] = "mine & only=mine", ["status"] = "connected" },
            returned.Returned());

        var connection = await app.GetConnectionAsync(id);
        Assert.Equal("active", connection.Text("status"));
        app.AssertQuiet();
        Assert.NotNull(await app.GetTokenAsync(id));
        Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync($"/api/connections/{id}/accounts", Cancel)).StatusCode);
    }
}
