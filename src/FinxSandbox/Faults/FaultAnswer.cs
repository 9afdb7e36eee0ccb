using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FinxSandbox.Calls;

namespace FinxSandbox.Faults;

/// <summary>The answers of faults.</summary>
internal static class FaultAnswer
{
    /// <summary>The answer in place of the right one.</summary>
    public static Answer InPlace(FaultRule rule)
    {
        var status = rule.Status ?? rule.Kind switch
        {
            FaultKind.Throttle => StatusCodes.Status429TooManyRequests,
            FaultKind.ServerError => StatusCodes.Status500InternalServerError,
            _ => StatusCodes.Status400BadRequest,
        };
        var answer = rule.Body is null ? Answer.Empty(status) : new Answer(status, Encoding.UTF8.GetBytes(rule.Body), "application/json");
        return rule.RetryAfter is { } wait
            ? answer.With("Retry-After", Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture))
            : answer;
    }

    /// <summary>The right answer as the caller gets it; null drops it.</summary>
    public static Answer? Distort(FaultRule rule, Answer answer) => rule.Kind switch
    {
        FaultKind.DropAfter => null,
        FaultKind.Malformed when rule.Body is { } body => answer with { Status = rule.Status ?? answer.Status, Body = Encoding.UTF8.GetBytes(body) },
        FaultKind.Malformed => answer with { Body = answer.Body[..(answer.Body.Length / 2)] },
        FaultKind.MissingFields when answer.ContentType?.StartsWith("application/json", StringComparison.Ordinal) is true => answer with { Body = Without(answer.Body, rule.Fields) },
        _ => answer,
    };

    private static byte[] Without(byte[] json, IReadOnlyList<string> fields)
    {
        var root = JsonNode.Parse(json);
        Strip(root, fields);
        return JsonSerializer.SerializeToUtf8Bytes(root);
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
