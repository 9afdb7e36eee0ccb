using FinxFunctions.Tests.Running;

namespace FinxFunctions.Tests.Finx;

/// <summary>Every way in which <c>POST /api/connections/{id}/token</c> refuses a request.</summary>
public class TokenRequestTests(LinklessApp linkless) : IClassFixture<LinklessApp>
{
    private const string Unknown = "00112233445566778899aabbccddeeff";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("min_validity", "-1")]
    [InlineData("min_validity", "3601")]
    [InlineData("min_validity", "1.5")]
    [InlineData("min_validity", "\"60\"")]
    [InlineData("min_validity", "1e99")]
    [InlineData("min_validity", "[]")]
    [InlineData("rejected_generation", "0")]
    [InlineData("rejected_generation", "-1")]
    [InlineData("rejected_generation", "2147483648")]
    [InlineData("rejected_generation", "true")]
    [InlineData("refresh_token", "\"x\"")]
    public async Task A_wrong_field_is_named(string field, string value)
    {
        using var response = await PostAsync(Unknown, $$"""{"{{field}}":{{value}}}""");

        Assert.Equal([field], (await response.ProblemAsync(400, "invalid_request")).Fields());
        await linkless.AssertUntouchedAsync();
    }

    [Theory]
    [InlineData(Unknown)]
    [InlineData("x")]
    [InlineData("00112233445566778899AABBCCDDEEFF")]
    [InlineData("00112233-4455-6677-8899-aabbccddeeff")]
    [InlineData("connection'%20or%20'1'%20eq%20'1")]
    [InlineData("..%2f..")]
    public async Task An_id_that_names_no_connection_finds_none(string id)
    {
        using var token = await PostAsync(id, "{}");
        using var connection = await linkless.App.Http.GetAsync($"/api/connections/{id}", Cancel);
        using var accounts = await linkless.App.Http.GetAsync($"/api/connections/{id}/accounts", Cancel);

        await token.ProblemAsync(404, "unknown_connection");
        await connection.ProblemAsync(404, "unknown_connection");
        await accounts.ProblemAsync(404, "unknown_connection");
        await linkless.AssertUntouchedAsync();
    }

    [Theory]
    [InlineData("?min_validity=60")]
    [InlineData("?code=a&code=b")]
    public async Task A_query_parameter_is_refused(string query)
    {
        using var response = await linkless.App.Http.PostAsync($"/api/connections/{Unknown}/token{query}", null, Cancel);

        await response.ProblemAsync(400, "invalid_request");
        await linkless.AssertUntouchedAsync();
    }

    private Task<HttpResponseMessage> PostAsync(string id, string body) =>
        linkless.App.Http.PostAsync($"/api/connections/{id}/token", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Cancel);
}
