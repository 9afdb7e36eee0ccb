using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FinxSandbox.Calls;
using FinxSandbox.Faults.Odd;

namespace FinxSandbox.Faults;

/// <summary>The answers of faults.</summary>
internal static class FaultAnswer
{
    /// <summary>Whether a call with the fault takes effect.</summary>
    public static bool Acts(FaultRule rule) => rule.Acts ?? rule.Kind switch
    {
        FaultKind.Answer => rule.Odd is not { } odd || OddAnswer.All[odd].IsMadeOfRight,
        FaultKind.DropAfter or FaultKind.Slow or FaultKind.Malformed or FaultKind.MissingFields => true,
        _ => false,
    };

    /// <summary>The answer as the caller gets it; null for none at all.</summary>
    /// <param name="right">The right answer; null where the call did not act.</param>
    /// <param name="now">The time by finX's clock.</param>
    public static Answer? Of(FaultRule rule, Call call, Operation operation, Answer? right, DateTimeOffset now)
    {
        Answer? answer = rule.Kind switch
        {
            FaultKind.DropBefore or FaultKind.DropAfter or FaultKind.Silence => null,
            FaultKind.Refuse => Answer.Empty(StatusCodes.Status400BadRequest),
            FaultKind.Throttle => Answer.Empty(StatusCodes.Status429TooManyRequests),
            FaultKind.ServerError => Answer.Empty(StatusCodes.Status500InternalServerError),
            FaultKind.Unknown => operation.Unknown(call),
            FaultKind.BadClient => operation.BadClient(call),
            FaultKind.Malformed when rule is { Body: null, BodyBase64: null } => right! with { Body = right.Body[..(right.Body.Length / 2)] },
            FaultKind.Answer when rule.Odd is { } odd => OddAnswer.All[odd].Of(right, now),
            _ => right ?? Answer.Empty(StatusCodes.Status200OK),
        };
        return answer is null ? null : Change(rule, answer, right, now);
    }

    private static Answer Change(FaultRule rule, Answer answer, Answer? right, DateTimeOffset now)
    {
        answer = answer with { Status = rule.Status ?? answer.Status };
        if ((rule.BodyBase64 ?? (rule.Body is { } text ? Encoding.UTF8.GetBytes(text) : null)) is { } body)
            answer = answer with { Body = Filled(body, right), ContentType = answer.ContentType ?? "application/json" };
        if ((rule.Fields.Count > 0 || rule.Set is not null) && answer.ContentType?.StartsWith("application/json", StringComparison.Ordinal) is true)
            answer = answer with { Body = Edited(answer.Body, rule) };
        if (rule.RetryAfter is { } wait)
            answer = answer.With("Retry-After", rule.RetryAfterIsDate ? HttpDate(now + wait) : Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        foreach (var (name, value) in rule.Headers)
            answer = answer.With(name, value);
        return answer with { Sent = rule.CutAfter ?? rule.StallAfter ?? answer.Sent, Stalls = rule.StallAfter is not null || answer.Stalls };
    }

    /// <summary>A time as in Date and Retry-After (RFC 9110, section 5.6.7).</summary>
    public static string HttpDate(DateTimeOffset time) => time.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Puts the members of the right answer where the body names them in double braces.</summary>
    private static byte[] Filled(byte[] body, Answer? right)
    {
        if (right is null || body.AsSpan().IndexOf("{{"u8) < 0 || Parsed(right.Body) is not JsonObject members)
            return body;

        var text = new StringBuilder(Encoding.Latin1.GetString(body));
        foreach (var (name, value) in members)
            text.Replace($"{{{{{name}}}}}", Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(value?.ToString() ?? "")));
        return Encoding.Latin1.GetBytes(text.ToString());
    }

    private static byte[] Edited(byte[] json, FaultRule rule)
    {
        var root = Parsed(json);
        Strip(root, rule.Fields);
        if (root is JsonObject members)
        {
            foreach (var (name, value) in rule.Set ?? [])
                members[name] = value?.DeepClone();
        }
        return root is null ? json : JsonSerializer.SerializeToUtf8Bytes(root);
    }

    private static JsonNode? Parsed(byte[] json)
    {
        try
        {
            return JsonNode.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Strip(JsonNode? node, IReadOnlyList<string> fields)
    {
        if (node is JsonObject named)
        {
            foreach (var field in fields)
                named.Remove(field);
            foreach (var (_, child) in named)
                Strip(child, fields);
        }
        else if (node is JsonArray items)
        {
            foreach (var item in items)
                Strip(item, fields);
        }
    }
}
