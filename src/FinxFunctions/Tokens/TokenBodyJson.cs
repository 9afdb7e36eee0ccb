using System.Text.Json;
using System.Text.Json.Serialization;

namespace FinxFunctions.Tokens;

/// <summary>Request bodies of this room.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TokenRequestBody))]
public sealed partial class TokenBodyJson : JsonSerializerContext;
