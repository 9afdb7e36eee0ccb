using System.Text.Json.Serialization;

namespace FinxFunctions.Http;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ProblemReport))]
public sealed partial class ProblemJson : JsonSerializerContext;
