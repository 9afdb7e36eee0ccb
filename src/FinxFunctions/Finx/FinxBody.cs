using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace FinxFunctions.Finx;

/// <summary>
/// JSON bodies that tell their length. <see cref="System.Net.Http.Json.JsonContent"/> does not, so it goes in chunks, and a gateway that knows no
/// chunks sees no body: the token in it would be refused for nothing.
/// </summary>
public static class FinxBody
{
    public static ByteArrayContent Of<T>(T value, JsonTypeInfo<T> type) => new(JsonSerializer.SerializeToUtf8Bytes(value, type))
    {
        Headers = { ContentType = new("application/json", "utf-8") },
    };
}
