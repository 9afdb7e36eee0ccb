using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using FinxSandbox.Calls;

namespace FinxSandbox.Control;

/// <summary>The control API's JSON. By reflection: a generated context would lose the defaults of properties that a body leaves out.</summary>
internal static class ControlJson
{
    private static readonly JsonSerializerOptions Options = Create();

    public static Answer Answer<T>(int status, T value) => Calls.Answer.Json(status, value, Type<T>());

    /// <exception cref="JsonException">The body does not fit.</exception>
    public static T Read<T>(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, Type<T>()) ?? throw new JsonException("A JSON object is expected.");

    public static JsonObject Write<T>(T value) => JsonSerializer.SerializeToNode(value, Type<T>())!.AsObject();

    private static JsonTypeInfo<T> Type<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower), new DurationConverter() },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
