using System.Text.Json.Nodes;
using FinxFunctions.Hosting;

namespace FinxFunctions.Tests.Contract;

/// <summary>The OpenAPI document as the tests read it.</summary>
internal static class ContractDocument
{
    public static JsonObject Root { get; } = Read();

    public static IReadOnlyList<ContractOperation> Operations { get; } =
    [
        .. from path in Root["paths"]!.AsObject()
           from method in path.Value!.AsObject()
           where method.Key is not "parameters"
           select new ContractOperation(method.Key, path.Key, path.Value!.AsObject(), method.Value!.AsObject()),
    ];

    public static ContractOperation? Find(string? id) => Operations.FirstOrDefault(operation => operation.Id == id);

    /// <summary>What a node stands for: itself, or what its <c>$ref</c> leads to.</summary>
    public static JsonObject Resolve(JsonNode node)
    {
        while (node["$ref"] is { } reference)
        {
            node = reference.GetValue<string>().Split('/').Skip(1).Aggregate<string, JsonNode>(Root, (at, name) => at[name] ?? throw new InvalidDataException($"{reference} leads nowhere."));
        }

        return node.AsObject();
    }

    /// <summary>Every node under one, itself included.</summary>
    public static IEnumerable<JsonNode> Under(JsonNode? node) => node switch
    {
        JsonObject named => named.SelectMany(member => Under(member.Value)).Prepend(named),
        JsonArray items => items.SelectMany(Under).Prepend(items),
        null => [],
        _ => [node],
    };

    /// <summary>Nodes come into being as they are read, which many tests at once must not do.</summary>
    private static JsonObject Read()
    {
        var root = JsonNode.Parse(OpenApiDocument.Utf8.Span)!.AsObject();
        _ = Under(root).Count();
        return root;
    }
}
