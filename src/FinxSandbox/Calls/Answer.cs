using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace FinxSandbox.Calls;

/// <summary>A complete response that is not yet sent.</summary>
internal sealed record Answer(int Status, byte[] Body, string? ContentType)
{
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; private init; } = [];

    public static Answer Empty(int status) => new(status, [], null);

    public static Answer Json<T>(int status, T value, JsonTypeInfo<T> type) =>
        new(status, JsonSerializer.SerializeToUtf8Bytes(value, type), "application/json; charset=utf-8");

    public static Answer Html(int status, string page) => new(status, Encoding.UTF8.GetBytes(page), "text/html; charset=utf-8");

    public static Answer SeeOther(string location) => Empty(StatusCodes.Status303SeeOther).With("Location", location);

    public Answer With(string header, string value) => this with { Headers = [.. Headers, new(header, value)] };

    public async Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        response.ContentType = ContentType;
        foreach (var (name, value) in Headers)
            response.Headers.Append(name, value);

        if (Status is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified)
            return;

        response.ContentLength = Body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(Body, context.RequestAborted);
    }
}
