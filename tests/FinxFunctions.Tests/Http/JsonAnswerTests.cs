using FinxFunctions.Http;
using FinxFunctions.Primitives;
using FinxFunctions.Tokens;
using Microsoft.AspNetCore.Http;

namespace FinxFunctions.Tests.Http;

public class JsonAnswerTests
{
    [Fact]
    public async Task An_answer_says_how_long_it_is_and_is_not_sent_in_chunks()
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { Response = { Body = body } };
        var token = new IssuedToken(new Secret("token"), "Bearer", 60, DateTimeOffset.UnixEpoch, null, 1);

        await JsonResults.Secret(token, TokensJson.Default.IssuedToken, StatusCodes.Status201Created).ExecuteAsync(context);

        Assert.Equal(StatusCodes.Status201Created, context.Response.StatusCode);
        Assert.Equal("application/json; charset=utf-8", context.Response.ContentType);
        Assert.Equal("no-store", context.Response.Headers.CacheControl);
        Assert.True(body.Length > 0);
        Assert.Equal(body.Length, context.Response.ContentLength);
    }
}
