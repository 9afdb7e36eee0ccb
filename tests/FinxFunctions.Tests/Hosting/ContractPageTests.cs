using FinxFunctions.Tests.Running;

namespace FinxFunctions.Tests.Hosting;

public class ContractPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_of_the_contract_may_ask_nobody_but_its_host_which_has_all_that_it_needs()
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
