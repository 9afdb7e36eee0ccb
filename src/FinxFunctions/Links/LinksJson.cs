using System.Text.Json.Serialization;

namespace FinxFunctions.Links;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CreatedLink))]
public sealed partial class LinksJson : JsonSerializerContext;
