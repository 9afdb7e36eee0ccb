using System.Text.Json.Serialization;

namespace FinxFunctions.Client;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LinkRequest))]
[JsonSerializable(typeof(CreatedLink))]
[JsonSerializable(typeof(LinkConfirmation))]
[JsonSerializable(typeof(Connection))]
[JsonSerializable(typeof(ConnectionPage))]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(IssuedToken))]
[JsonSerializable(typeof(ProblemBody))]
internal sealed partial class ClientJson : JsonSerializerContext;
