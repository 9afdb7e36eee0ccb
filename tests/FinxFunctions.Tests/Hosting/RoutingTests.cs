using System.Net;
using FinxFunctions.Tests.Running;

namespace FinxFunctions.Tests.Hosting;

/// <summary>Routes requests as the Functions host does.</summary>
public class RoutingTests(LinklessApp linkless) : IClassFixture<LinklessApp>
{
    private const string Id = "00112233445566778899aabbccddeeff";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "/api")]
    [InlineData("GET", "/api/nothing")]
    [InlineData("GET", "/api/links")]
    [InlineData("PUT", "/api/links")]
    [InlineData("HEAD", "/api/health")]
    [InlineData("OPTIONS", "/api/connections")]
    [InlineData("POST", "/api/connections")]
    [InlineData("POST", "/api/callback")]
    [InlineData("PATCH", $"/api/connections/{Id}")]
    [InlineData("GET", $"/api/connections/{Id}/token")]
    [InlineData("DELETE", $"/api/connections/{Id}/accounts")]
    [InlineData("POST", $"/api/connections/{Id}/transactions")]
    [InlineData("GET", $"/api/connections/{Id}/accounts/a/nothing")]
    public async Task A_request_that_belongs_to_no_function_gets_404(string method, string path)
    {
        using var response = await linkless.App.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancel);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(response.Content.Headers.Allow);
        Assert.Empty(await response.Content.ReadAsStringAsync(Cancel));
        await linkless.AssertUntouchedAsync();
    }

    [Theory]
    [InlineData("GET", "/API/Connections", HttpStatusCode.OK)]
    [InlineData("GET", "/api/connections/", HttpStatusCode.OK)]
    [InlineData("GET", "/api/connections/a%2Fb", HttpStatusCode.NotFound)]
    public async Task The_case_of_a_path_and_a_trailing_slash_do_not_matter(string method, string path, HttpStatusCode status)
    {
        using var response = await linkless.App.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancel);

        Assert.Equal(status, response.StatusCode);
        Assert.NotEmpty(await response.Content.ReadAsStringAsync(Cancel));
    }
}
