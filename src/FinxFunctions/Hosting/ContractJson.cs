using System.Text.Json.Serialization;
using FinxFunctions.Connections;
using FinxFunctions.Http;
using FinxFunctions.Links;
using FinxFunctions.Tokens;

namespace FinxFunctions.Hosting;

/// <summary>The JSON of our own HTTP contract.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CreatedLink))]
[JsonSerializable(typeof(ConnectionView))]
[JsonSerializable(typeof(ConnectionList))]
[JsonSerializable(typeof(IssuedToken))]
[JsonSerializable(typeof(HealthReport))]
[JsonSerializable(typeof(ProblemReport))]
public sealed partial class ContractJson : JsonSerializerContext;
