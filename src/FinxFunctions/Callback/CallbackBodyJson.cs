using System.Text.Json;
using System.Text.Json.Serialization;

namespace FinxFunctions.Callback;

/// <summary>Request bodies of this room.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LinkConfirmationBody))]
public sealed partial class CallbackBodyJson : JsonSerializerContext;
