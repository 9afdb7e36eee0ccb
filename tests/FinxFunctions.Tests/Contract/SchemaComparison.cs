using System.Text.Json.Nodes;

namespace FinxFunctions.Tests.Contract;

/// <summary>Compares an exported schema with the document's: members, types, required members, and the rules that both sides can declare.</summary>
internal sealed class SchemaComparison
{
    private static readonly string[] Rules = ["minLength", "maxLength", "pattern", "minimum", "maximum", "maxItems"];

    public List<string> Differences { get; } = [];

    /// <param name="isRequest">A request's rules are compared too. An answer's are not: the code does not declare them.</param>
    public void Compare(JsonObject exported, JsonNode documented, string at, bool isRequest, bool isRequired = true)
    {
        var document = ContractDocument.Resolve(documented);
        Expect(at, "type", Types(exported, isRequired), Types(document, isRequired));
        if (exported["properties"] is JsonObject || document["properties"] is JsonObject)
        {
            CompareMembers(exported, document, at, isRequest);
        }

        if (exported["items"] is JsonObject items)
        {
            Compare(items, document["items"] ?? new JsonObject(), $"{at}[]", isRequest);
        }

        if (exported["format"] is { } format)
        {
            Expect(at, "format", format.ToJsonString(), document["format"]?.ToJsonString());
        }

        foreach (var rule in isRequest ? Rules : [])
        {
            Expect(at, rule, exported[rule]?.ToJsonString(), document[rule]?.ToJsonString());
        }

        if (isRequest)
        {
            Expect(at, "enum", Names(exported["enum"]), Names(document["enum"]));
        }
    }

    private void CompareMembers(JsonObject exported, JsonObject document, string at, bool isRequest)
    {
        var documented = document["properties"] as JsonObject ?? [];
        if (exported["additionalProperties"] is JsonObject value)
        {
            // The code has a map where the document names the keys.
            foreach (var (name, schema) in documented)
            {
                Compare(value, schema!, $"{at}.{name}", isRequest);
            }

            return;
        }

        var members = exported["properties"] as JsonObject ?? [];
        Expect(at, "members", Join(members.Select(member => member.Key)), Join(documented.Select(member => member.Key)));
        Expect(at, "required", Names(exported["required"]), Names(document["required"]));
        foreach (var (name, schema) in members.Where(member => documented.ContainsKey(member.Key)))
        {
            Compare(schema!.AsObject(), documented[name]!, $"{at}.{name}", isRequest, (exported["required"] as JsonArray ?? []).Any(required => required!.GetValue<string>() == name));
        }
    }

    /// <summary>The types of a schema. For a member that may be absent, null says the same as absence, and only one side declares it.</summary>
    private static string Types(JsonObject schema, bool isRequired) => Join(TypesOf(schema).Distinct().Where(type => isRequired || type != "null"));

    private static IEnumerable<string> TypesOf(JsonNode schema)
    {
        var rules = ContractDocument.Resolve(schema);
        return rules["anyOf"] is JsonArray choices
            ? choices.SelectMany(choice => TypesOf(choice!))
            : rules["type"] is JsonArray types ? types.Select(type => type!.GetValue<string>()) : [rules["type"]?.GetValue<string>() ?? "any"];
    }

    private void Expect(string at, string what, string? code, string? document)
    {
        if (code != document)
        {
            Differences.Add($"{at}: {what} is {code ?? "absent"} in the code, {document ?? "absent"} in the document");
        }
    }

    private static string Names(JsonNode? names) => Join((names as JsonArray ?? []).Select(name => name!.GetValue<string>()));

    private static string Join(IEnumerable<string> names) => string.Join(' ', names.Order(StringComparer.Ordinal));
}
