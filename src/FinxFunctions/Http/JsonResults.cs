using System.Text.Json.Serialization.Metadata;

namespace FinxFunctions.Http;

/// <summary>JSON answers.</summary>
public static class JsonResults
{
    public static IResult Plain<T>(T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK) => new JsonAnswer<T>(value, type, status);

    /// <summary>An answer with a secret, which no cache may store (RFC 6749, section 5.1).</summary>
    public static IResult Secret<T>(T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK) => new WithHeader(Plain(value, type, status), "Cache-Control", "no-store");
}
