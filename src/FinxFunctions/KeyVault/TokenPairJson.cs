using System.Text.Json.Serialization;

namespace FinxFunctions.KeyVault;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TokenPair))]
public sealed partial class TokenPairJson : JsonSerializerContext;
