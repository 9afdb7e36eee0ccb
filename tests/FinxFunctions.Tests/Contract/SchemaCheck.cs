using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FinxFunctions.Tests.Contract;

/// <summary>
/// Compares a value with a schema, by the part of JSON Schema 2020-12 that the document uses. A member that is not in <c>properties</c> is an
/// error unless <c>additionalProperties</c> allows it. Records the members and values that it saw.
/// </summary>
internal sealed class SchemaCheck
{
    public List<string> Violations { get; } = [];

    /// <summary>Nodes of the document that were seen.</summary>
    public List<JsonNode> Seen { get; } = [];

    public void Check(JsonNode? value, JsonNode schema, string at)
    {
        var rules = ContractDocument.Resolve(schema);
        foreach (var (keyword, rule) in rules)
        {
            if (!Holds(keyword, rule!, value, rules, at))
            {
                Violations.Add($"{at} breaks {keyword}: {rule!.ToJsonString()}. It is {Short(value)}");
            }
        }
    }

    /// <summary>A parameter or header: its text may be a number.</summary>
    public void CheckText(string text, JsonNode schema, string at) => Check(
        ContractDocument.Resolve(schema)["type"]?.GetValue<string>() is "integer" && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : JsonValue.Create(text),
        schema,
        at);

    private bool Holds(string keyword, JsonNode rule, JsonNode? value, JsonObject rules, string at) => keyword switch
    {
        "description" or "default" => true,
        "type" => rule is JsonArray types ? types.Any(type => IsOf(type!, value)) : IsOf(rule, value),
        "enum" => See(rule.AsArray().FirstOrDefault(choice => JsonNode.DeepEquals(choice, value))),
        "const" => JsonNode.DeepEquals(rule, value),
        "pattern" => Text(value) is not { } text || Regex.IsMatch(text, rule.GetValue<string>(), RegexOptions.None, TimeSpan.FromSeconds(1)),
        "format" => Text(value) is not { } text || HasFormat(rule.GetValue<string>(), text),
        "minLength" => Text(value) is not { } text || text.Length >= rule.GetValue<int>(),
        "maxLength" => Text(value) is not { } text || text.Length <= rule.GetValue<int>(),
        "minimum" => Number(value) is not { } number || number >= rule.GetValue<decimal>(),
        "maximum" => Number(value) is not { } number || number <= rule.GetValue<decimal>(),
        "maxItems" => value is not JsonArray items || items.Count <= rule.GetValue<int>(),
        "items" => CheckItems(rule, value as JsonArray, at),
        "required" => value is not JsonObject named || rule.AsArray().All(name => named.ContainsKey(name!.GetValue<string>())),
        "properties" => CheckMembers(rules, value as JsonObject, at),
        "additionalProperties" => rules.ContainsKey("properties") || CheckMembers(rules, value as JsonObject, at),
        "anyOf" => rule.AsArray().Any(choice => Passes(choice!, value, at)),
        _ => throw new NotSupportedException($"The keyword {keyword} is not known here."),
    };

    private static bool IsOf(JsonNode type, JsonNode? value) => (type.GetValue<string>(), value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        ("null", JsonValueKind.Null) or ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) or ("number", JsonValueKind.Number) => true,
        ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("integer", JsonValueKind.Number) => Number(value) is { } number && number == decimal.Truncate(number),
        _ => false,
    };

    private static bool HasFormat(string format, string text) => format switch
    {
        "date-time" => DateTimeOffset.TryParseExact(text, ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) && time.Offset == TimeSpan.Zero,
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
        "uuid" => Guid.TryParseExact(text, "D", out _),
        _ => throw new NotSupportedException($"The format {format} is not known here."),
    };

    private bool CheckItems(JsonNode schema, JsonArray? items, string at)
    {
        foreach (var (index, item) in (items ?? []).Index())
        {
            Check(item, schema, $"{at}[{index}]");
        }

        return true;
    }

    private bool CheckMembers(JsonObject rules, JsonObject? value, string at)
    {
        foreach (var (name, member) in value ?? [])
        {
            if (rules["properties"]?[name] is { } schema)
            {
                if (member is not null)
                {
                    Seen.Add(schema);
                }

                Check(member, schema, $"{at}.{name}");
            }
            else if (rules["additionalProperties"] is JsonObject any)
            {
                Check(member, any, $"{at}.{name}");
            }
            else if (rules["additionalProperties"]?.GetValueKind() is not JsonValueKind.True)
            {
                Violations.Add($"{at}.{name} is not documented");
            }
        }

        return true;
    }

    private bool Passes(JsonNode schema, JsonNode? value, string at)
    {
        var trial = new SchemaCheck();
        trial.Check(value, schema, at);
        Seen.AddRange(trial.Violations is [] ? trial.Seen : []);
        return trial.Violations is [];
    }

    private bool See(JsonNode? node)
    {
        Seen.AddRange(node is null ? [] : [node]);
        return node is not null;
    }

    private static string? Text(JsonNode? value) => value?.GetValueKind() is JsonValueKind.String ? value.GetValue<string>() : null;

    private static decimal? Number(JsonNode? value) => value?.GetValueKind() is JsonValueKind.Number && value.AsValue().TryGetValue<decimal>(out var number) ? number : value is JsonValue long64 && long64.TryGetValue<long>(out var whole) ? whole : null;

    private static string Short(JsonNode? value) => value?.ToJsonString() is { } text ? text[..Math.Min(text.Length, 200)] : "null";
}
