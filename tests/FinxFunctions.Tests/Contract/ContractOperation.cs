using System.Text.Json.Nodes;

namespace FinxFunctions.Tests.Contract;

/// <summary>An operation of the document.</summary>
internal sealed record ContractOperation(string Method, string Path, JsonObject Item, JsonObject Value)
{
    public string Id => Value["operationId"]!.GetValue<string>();

    public bool IsForwarded => Value["tags"]!.AsArray().Any(tag => tag!.GetValue<string>() is "Data");

    public bool NeedsKey => Value["security"]!.AsArray().Count > 0;

    public IReadOnlyList<JsonObject> Parameters { get; } =
        [.. new[] { Item, Value }.SelectMany(level => level["parameters"] as JsonArray ?? []).Select(parameter => ContractDocument.Resolve(parameter!))];

    public JsonObject Responses => Value["responses"]!.AsObject();

    /// <summary>The content of the request body, by media type.</summary>
    public JsonObject RequestContent => Value["requestBody"]?["content"]?.AsObject() ?? [];

    public JsonObject? Parameter(string place, string name) =>
        Parameters.FirstOrDefault(parameter => parameter["in"]!.GetValue<string>() == place && string.Equals(parameter["name"]!.GetValue<string>(), name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether the operation accepts parameters that the document does not name.</summary>
    public bool TakesAnyParameter => Parameters.Any(parameter => parameter["explode"] is not null);

    public override string ToString() => $"{Id} ({Method.ToUpperInvariant()} {Path})";
}
