using System.Net;
using FinxFunctions.Tests.Running;

namespace FinxFunctions.Tests.Hosting;

public class BodyLimitTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(104_857_600, "application/problem+json")] // the function refuses it
    [InlineData(104_857_601, null)] // the host refuses it
    public async Task A_body_over_100_megabytes_is_refused_before_the_function_is_called(long length, string? type)
    {
        await using var app = await App.StartAsync();
        using var content = new ByteArrayContent([]);
        content.Headers.ContentType = new("application/json");
        content.Headers.ContentLength = length;

        using var response = await app.Http.PostAsync("/api/links", content, Cancel);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
    }
}
