using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace EmptyWorker;

/// <summary>What the benchmarks compare the app with.</summary>
public static class EmptyFunctions
{
    private static readonly HttpClient Client = new();
    private static readonly byte[] Body = new byte[int.Parse(Environment.GetEnvironmentVariable("ANSWER_BYTES") ?? "0", CultureInfo.InvariantCulture)];

    /// <summary>As the live endpoint is: a GET without parameters, answered without a body.</summary>
    [Function("Nothing")]
    public static IResult Nothing([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "nothing")] HttpRequest request) => TypedResults.NoContent();

    /// <summary>As GetToken is: a POST with the same parameters, answered with as many bytes.</summary>
    [Function("Bytes")]
    public static IResult Bytes([HttpTrigger(AuthorizationLevel.Function, "post", Route = "bytes/{id}/token")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        TypedResults.Bytes(Body, "application/json; charset=utf-8");

    /// <summary>Passes on what an address answers, as it arrives.</summary>
    [Function("Proxy")]
    public static async Task Proxy([HttpTrigger(AuthorizationLevel.Function, "get", Route = "proxy/{**path}")] HttpRequest request, string path)
    {
        var context = request.HttpContext;
        using var message = new HttpRequestMessage(HttpMethod.Get, $"http://{path}");
        using var answer = await Client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
