using FinxFunctions.Tests.Running;

namespace FinxFunctions.Tests.Authorization;

/// <summary>An invalid connection id never reaches Table Storage.</summary>
public class StrangeIdTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "")]
    [InlineData("DELETE", "")]
    [InlineData("POST", "/token")]
    [InlineData("GET", "/accounts")]
    [InlineData("GET", "/accounts/1")]
    [InlineData("GET", "/transactions")]
    [InlineData("GET", "/accounts/1/transactions")]
    public async Task Finds_no_connection_of_any_length(string method, string rest)
    {
        await using var app = await App.StartAsync();

        foreach (var id in new[] { new string('ä', 3_000), "0123456789ABCDEF0123456789ABCDEF", "x" })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), $"/api/connections/{Uri.EscapeDataString(id)}{rest}");
            using var answer = await app.Http.SendAsync(request, Cancel);
            await answer.ProblemAsync(404, "unknown_connection");
        }

        app.AssertQuiet();
    }
}
