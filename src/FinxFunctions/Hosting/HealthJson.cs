using System.Text.Json.Serialization;

namespace FinxFunctions.Hosting;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(HealthView))]
public sealed partial class HealthJson : JsonSerializerContext;
