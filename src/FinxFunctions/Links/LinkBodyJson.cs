using System.Text.Json;
using System.Text.Json.Serialization;

namespace FinxFunctions.Links;

/// <summary>Request bodies of this room.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LinkRequestBody))]
public sealed partial class LinkBodyJson : JsonSerializerContext;
