using System.Text.Json.Serialization;

namespace Finx.Tokens;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TokenPair))]
internal sealed partial class TokenJson : JsonSerializerContext;
