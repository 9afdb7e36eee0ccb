using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FinxFunctions.Infra.Tests.Templates;

/// <summary>One resource as it would be deployed.</summary>
internal sealed class Resource(JsonNode node)
{
    public string Type => Text("type")!;

    public string Name => Text("name")!;

    public string Id => Text("id")!;

    /// <summary>The value at a path such as <c>properties.siteConfig.minTlsVersion</c> or <c>properties.rules.0.name</c>; null where there is none.</summary>
    public JsonNode? this[string path] => path.Split('.').Aggregate((JsonNode?)node, (at, part) => at switch
    {
        JsonArray list when int.TryParse(part, CultureInfo.InvariantCulture, out var index) => index < list.Count ? list[index] : null,
        JsonObject => at[part],
        _ => null,
    });

    public string? Text(string path) => this[path] is JsonValue value && value.GetValueKind() is JsonValueKind.String ? value.GetValue<string>() : null;

    public bool? Flag(string path) => this[path] is JsonValue value && value.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? this[path]!.GetValue<bool>() : null;

    public int? Number(string path) => this[path] is JsonValue value && value.GetValueKind() is JsonValueKind.Number ? value.GetValue<int>() : null;

    public IReadOnlyList<string> Texts(string path) => this[path] is JsonArray list ? [.. list.Select(item => item!.GetValue<string>())] : [];

    public override string ToString() => $"{Type} {Name}";
}
