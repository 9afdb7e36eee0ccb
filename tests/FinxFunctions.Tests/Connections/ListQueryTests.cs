using FinxFunctions.Tests.Running;

namespace FinxFunctions.Tests.Connections;

/// <summary>Every way in which <c>GET /api/connections</c> and <c>GET /api/connections/{id}</c> refuse a request.</summary>
public class ListQueryTests(LinklessApp linkless) : IClassFixture<LinklessApp>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("user_id", "user_id=")]
    [InlineData("user_id", "user_id=a&user_id=b")]
    [InlineData("user_id", "user_id=a%00b")]
    [InlineData("status", "status=")]
    [InlineData("status", "status=Active")]
    [InlineData("status", "status=1")]
    [InlineData("next", "next=x")]
    [InlineData("next", "next=00112233445566778899AABBCCDDEEFF")]
    [InlineData("next", "next='%20or%20true%20or%20'")]
    [InlineData("limit", "limit=0")]
    [InlineData("limit", "limit=1001")]
    [InlineData("limit", "limit=-1")]
    [InlineData("limit", "limit=ten")]
    [InlineData("limit", "limit=1.0")]
    [InlineData("offset", "offset=1")]
    [InlineData("User_Id", "User_Id=1")]
    public async Task A_wrong_parameter_is_named(string name, string query)
    {
        using var response = await linkless.App.Http.GetAsync($"/api/connections?{query}", Cancel);

        Assert.Equal([name], (await response.ProblemAsync(400, "invalid_request")).Fields());
        await linkless.AssertUntouchedAsync();
    }

    [Fact]
    public async Task A_user_id_that_is_too_long_is_refused()
    {
        using var response = await linkless.App.Http.GetAsync($"/api/connections?user_id={new string('u', 129)}", Cancel);

        Assert.Equal(["user_id"], (await response.ProblemAsync(400, "invalid_request")).Fields());
    }

    [Theory]
    [InlineData("GET", "/api/connections/00112233445566778899aabbccddeeff?x=1")]
    [InlineData("DELETE", "/api/connections/00112233445566778899aabbccddeeff?force=true")]
    [InlineData("GET", "/api/openapi.json?deep=true")]
    public async Task A_parameter_that_a_call_does_not_know_is_refused(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await linkless.App.Http.SendAsync(request, Cancel);

        await response.ProblemAsync(400, "invalid_request");
        await linkless.AssertUntouchedAsync();
    }
}
