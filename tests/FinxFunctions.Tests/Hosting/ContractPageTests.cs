using FinxFunctions.Tests.Running;

namespace FinxFunctions.Tests.Hosting;

public class ContractPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_contract_page_loads_everything_from_its_own_host_and_may_call_no_other()
    {
        await using var app = await App.StartAsync();

        using var answer = await app.Http.GetAsync("/scalar/", Cancel);
        var page = await answer.Content.ReadAsStringAsync(Cancel);
        using var script = await app.Http.GetAsync("/scalar/scalar.js", Cancel);

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Contains("\"url\":\"api/openapi.json\"", page, StringComparison.Ordinal);
        Assert.StartsWith("default-src 'self'; script-src 'self' 'nonce-", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"http", page, StringComparison.OrdinalIgnoreCase);
        Assert.True(script.IsSuccessStatusCode);
    }
}
