using System.Text.Json.Serialization;

namespace FinxFunctions.Connections;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ConnectionView))]
[JsonSerializable(typeof(ConnectionList))]
public sealed partial class ConnectionsJson : JsonSerializerContext;
