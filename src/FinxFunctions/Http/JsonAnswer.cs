using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace FinxFunctions.Http;

/// <summary>
/// A JSON answer with a Content-Length. <see cref="TypedResults"/> writes JSON in chunks, whose end is a packet of its own on each of the
/// connections from the worker to the caller.
/// </summary>
public sealed class JsonAnswer<T>(T value, JsonTypeInfo<T> type, int status) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(value, type);
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }
}
