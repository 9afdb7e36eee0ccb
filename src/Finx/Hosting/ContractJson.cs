using System.Text.Json.Serialization;
using Finx.Connections;
using Finx.Links;
using Finx.Tokens;

namespace Finx.Hosting;

/// <summary>The JSON of our own HTTP contract.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CreatedLink))]
[JsonSerializable(typeof(ConnectionView))]
[JsonSerializable(typeof(ConnectionList))]
[JsonSerializable(typeof(IssuedToken))]
[JsonSerializable(typeof(HealthReport))]
[JsonSerializable(typeof(ProblemReport))]
public sealed partial class ContractJson : JsonSerializerContext;
