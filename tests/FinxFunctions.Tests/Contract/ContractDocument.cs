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

    /// <summary>The node, or the target of its <c>$ref</c>.</summary>
    public static JsonObject Resolve(JsonNode node)
    {
        while (node["$ref"] is { } reference)
        {
            node = reference.GetValue<string>().Split('/').Skip(1).Aggregate<string, JsonNode>(Root, (at, name) => at[name] ?? throw new InvalidDataException($"{reference} leads nowhere."));
        }

        return node.AsObject();
    }

    /// <summary>The node and all nodes under it.</summary>
    public static IEnumerable<JsonNode> Under(JsonNode? node) => node switch
    {
        JsonObject named => named.SelectMany(member => Under(member.Value)).Prepend(named),
        JsonArray items => items.SelectMany(Under).Prepend(items),
        null => [],
        _ => [node],
    };

    /// <summary>JsonNode creates its children when they are read first, which is not safe in parallel tests. So all are read here.</summary>
    private static JsonObject Read()
    {
        var root = JsonNode.Parse(OpenApiDocument.Utf8.Span)!.AsObject();
        _ = Under(root).Count();
        return root;
    }
}
