using System.Text.Json.Serialization;

namespace FinxFunctions.Tokens;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IssuedToken))]
public sealed partial class TokensJson : JsonSerializerContext;
