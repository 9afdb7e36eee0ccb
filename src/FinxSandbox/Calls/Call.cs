using System.Text.Json;
using System.Text.Json.Nodes;

namespace FinxSandbox.Calls;

/// <summary>A request that was read to its end, so that it can be executed even when its caller is gone.</summary>
internal sealed class Call
{
    private Call(HttpContext context, byte[] body, JournalEntry entry)
    {
        Request = context.Request;
        Body = body;
        Entry = entry;
        Path = entry.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
    }

    public HttpRequest Request { get; }

    public byte[] Body { get; }

    /// <summary>The path's segments; a trailing slash makes no difference.</summary>
    public string[] Path { get; }

    public string Method => Entry.Method;

    /// <summary>The journal's entry. Handlers fill it in.</summary>
    public JournalEntry Entry { get; set; }

    /// <summary>The age of the token or code that came in, by finX's clock; null where it is not known.</summary>
    public TimeSpan? TokenAge { get; set; }

    public static async Task<Call> ReadAsync(HttpContext context, JournalEntry entry)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return new Call(context, body.ToArray(), entry);
    }

    public string? Query(string name) => Request.Query.TryGetValue(name, out var values) ? values.ToString() : null;

    /// <summary>The body as a JSON object; null for anything else.</summary>
    public JsonObject? Json()
    {
        try
        {
            return JsonNode.Parse(Body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A member of the body that is a string; null for anything else.</summary>
    public string? Text(string field) => Json()?[field] is JsonValue value && value.GetValueKind() is JsonValueKind.String ? value.GetValue<string>() : null;

    /// <summary>The text after the scheme in the Authorization header; null for another scheme.</summary>
    public string? Authorization(string scheme)
    {
        var header = Request.Headers.Authorization.ToString();
        return header.StartsWith(scheme + " ", StringComparison.OrdinalIgnoreCase) ? header[(scheme.Length + 1)..].Trim() : null;
    }
}
