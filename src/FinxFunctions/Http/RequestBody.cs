using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace FinxFunctions.Http;

/// <summary>Reads JSON bodies: 64 KiB at most, UTF-8, no duplicate names. Each error of a body is a 4xx.</summary>
public static class RequestBody
{
    private const int MaximumBytes = 64 * 1024;
    private const string Field = "body";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>Reads an object into a body record. The errors of its fields are in the result.</summary>
    /// <param name="isOptional">Whether an absent body means an empty object.</param>
    /// <exception cref="InvalidRequestException">The body is missing, too long, not JSON, or not an object.</exception>
    public static async Task<ParsedBody<T>> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, bool isOptional, CancellationToken cancellationToken)
        where T : class
    {
        var bytes = await ReadBytesAsync(request, cancellationToken);
        if (bytes.IsEmpty && isOptional)
        {
            return new ParsedBody<T>(type.CreateObject!(), new FieldErrors());
        }

        if (bytes.IsEmpty)
        {
            throw NoObject();
        }

        if (!IsPlainJson(request))
        {
            throw Invalid("Content-Type must be application/json, in UTF-8 and without a Content-Encoding.", StatusCodes.Status415UnsupportedMediaType);
        }

        using var document = Parse(bytes);
        var errors = new FieldErrors();
        return document.RootElement.ValueKind is JsonValueKind.Object
            ? new ParsedBody<T>((T)new BodyReader(errors).Read(document.RootElement, type), errors)
            : throw NoObject();
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            // The parser does not check the encoding of texts that are never read.
            return Utf8.IsValid(bytes.Span) ? JsonDocument.Parse(bytes, Strict) : throw new JsonException();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a property's name holds one half of a surrogate pair.
            throw Invalid("This is not well-formed JSON (UTF-8, no duplicate names, at most 16 levels).");
        }
    }

    /// <summary>A body that declares another encoding is refused, even if its bytes are plain JSON.</summary>
    private static bool IsPlainJson(HttpRequest request) =>
        request.Headers.ContentEncoding.Count == 0
        && MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MatchesMediaType("application/json")
        && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    private static async Task<ReadOnlyMemory<byte>> ReadBytesAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength is 0 || request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody is false)
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        if (request.ContentLength > MaximumBytes)
        {
            throw TooLong();
        }

        using var buffer = new MemoryStream();
        var chunk = new byte[4096];
        try
        {
            while (await request.Body.ReadAsync(chunk, cancellationToken) is > 0 and var count)
            {
                if (buffer.Length + count > MaximumBytes)
                {
                    throw TooLong();
                }

                buffer.Write(chunk, 0, count);
            }
        }
        catch (BadHttpRequestException exception)
        {
            throw Invalid("The body could not be read.", exception.StatusCode);
        }

        return buffer.ToArray();
    }

    private static InvalidRequestException NoObject() => Invalid("A JSON object is needed.");

    private static InvalidRequestException TooLong() => Invalid($"A body has at most {MaximumBytes} bytes.", StatusCodes.Status413PayloadTooLarge);

    private static InvalidRequestException Invalid(string error, int status = StatusCodes.Status400BadRequest) =>
        new(new Dictionary<string, string[]> { [Field] = [error] }, status);
}
