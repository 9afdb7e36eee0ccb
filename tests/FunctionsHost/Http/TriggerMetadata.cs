using System.Text;
using System.Text.Json;
using FunctionsHost.Rpc;

namespace FunctionsHost.Http;

/// <summary>
/// What the Functions host tells the worker of a request beside the request itself: the values of the body's fields, of the query (but for the
/// key) and of the route, the last of a name winning, and the whole query and all headers.
/// </summary>
internal static class TriggerMetadata
{
    public static async Task<Dictionary<string, TypedData>> ReadAsync(HttpRequest request, RouteValueDictionary route)
    {
        Dictionary<string, TypedData> metadata = new(StringComparer.OrdinalIgnoreCase);
        if (request.ContentLength > 0)
            AddBody(metadata, await ReadBodyAsync(request));
        foreach (var (name, value) in request.Query.Where(parameter => !parameter.Key.Equals("code", StringComparison.OrdinalIgnoreCase)))
            metadata[name] = Text(value.Last());
        foreach (var (name, value) in route.Where(value => value.Value is not null))
            metadata[name] = Text(value!.ToString());
        metadata.TryAdd("Query", Json(request.Query.ToDictionary(parameter => parameter.Key, parameter => parameter.Value.Last())));
        metadata.TryAdd("Headers", Json(request.Headers.ToDictionary(header => header.Key, header => (string?)header.Value.ToString())));
        return metadata;
    }

    // The host reads a body of known length whole before it forwards it; one of unknown length it passes on as it comes.
    private static async Task<string> ReadBodyAsync(HttpRequest request)
    {
        request.EnableBuffering();
        using var reader = new StreamReader(request.Body, Encoding.UTF8, leaveOpen: true);
        var body = await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
        request.Body.Position = 0;
        return body;
    }

    private static void AddBody(Dictionary<string, TypedData> metadata, string body)
    {
        if (!body.TrimStart().StartsWith('{'))
            return;

        try
        {
            using var document = JsonDocument.Parse(body);
            foreach (var field in document.RootElement.EnumerateObject())
            {
                metadata[field.Name] = field.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array
                    ? new() { Json = field.Value.GetRawText() }
                    : Text(field.Value.ToString());
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // A body that is no JSON, or holds half a surrogate pair, has no fields.
        }
    }

    private static TypedData Text(string? value) => new() { String = value ?? "" };

    private static TypedData Json(Dictionary<string, string?> values) => new() { Json = JsonSerializer.Serialize(values) };
}
