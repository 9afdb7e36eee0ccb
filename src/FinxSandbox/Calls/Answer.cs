using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace FinxSandbox.Calls;

/// <summary>A complete response that is not yet sent.</summary>
internal sealed record Answer(int Status, byte[] Body, string? ContentType)
{
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; private init; } = [];

    /// <summary>The bytes of the body that are sent, of those that Content-Length promises; null for all.</summary>
    public int? Sent { get; init; }

    /// <summary>Whether the connection stays open after an incomplete body, and nothing follows.</summary>
    public bool Stalls { get; init; }

    public static Answer Empty(int status) => new(status, [], null);

    public static Answer Text(int status, string contentType, string body) => new(status, Encoding.UTF8.GetBytes(body), contentType);

    public static Answer Json<T>(int status, T value, JsonTypeInfo<T> type) =>
        new(status, JsonSerializer.SerializeToUtf8Bytes(value, type), "application/json; charset=utf-8");

    public static Answer Html(int status, string page) => Text(status, "text/html; charset=utf-8", page);

    public static Answer SeeOther(string location) => Empty(StatusCodes.Status303SeeOther).With("Location", location);

    /// <summary>The answer with a header, in place of one of the same name.</summary>
    public Answer With(string header, string value) => header.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)
        ? this with { ContentType = value }
        : this with { Headers = [.. Headers.Where(other => !other.Key.Equals(header, StringComparison.OrdinalIgnoreCase)), new(header, value)] };

    /// <summary>Sends it, or the part of it that is sent. Kestrel closes the connection behind a body that is shorter than its Content-Length.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        response.ContentType = ContentType;
        foreach (var (name, value) in Headers)
            response.Headers.Append(name, value);

        if (Status is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified)
            return;

        response.ContentLength ??= Body.Length;
        if (HttpMethods.IsHead(context.Request.Method))
            return;

        await response.StartAsync(context.RequestAborted);
        await response.Body.WriteAsync(Body.AsMemory(0, Math.Min(Sent ?? Body.Length, Body.Length)), context.RequestAborted);
        await response.Body.FlushAsync(context.RequestAborted);
    }
}
