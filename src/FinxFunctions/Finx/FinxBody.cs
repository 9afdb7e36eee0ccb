using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace FinxFunctions.Finx;

/// <summary>
/// JSON bodies with a Content-Length. <see cref="System.Net.Http.Json.JsonContent"/> is sent in chunks. A gateway that does not support
/// chunks would see an empty body, and finX would refuse the request.
/// </summary>
public static class FinxBody
{
    public static ByteArrayContent Of<T>(T value, JsonTypeInfo<T> type) => new(JsonSerializer.SerializeToUtf8Bytes(value, type))
    {
        Headers = { ContentType = new("application/json", "utf-8") },
    };
}
