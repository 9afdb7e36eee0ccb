using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace FinxFunctions.Http;

/// <summary>Reads JSON bodies with the care that strangers deserve: bounded, strict, every error a 4xx.</summary>
public static class RequestBody
{
    private const int MaximumBytes = 64 * 1024;
    private const string Field = "body";

    private static readonly JsonElement Nothing = JsonElement.Parse("{}");
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>Reads an object.</summary>
    /// <param name="isOptional">Whether no body means an empty object.</param>
    /// <exception cref="InvalidRequestException">The body is missing, too long, not JSON, or not an object.</exception>
    public static async Task<JsonFields> ReadObjectAsync(HttpRequest request, bool isOptional, CancellationToken cancellationToken)
    {
        var bytes = await ReadAsync(request, cancellationToken);
        if (bytes.IsEmpty)
        {
            return isOptional ? new JsonFields(Nothing) : throw new InvalidRequestException(Field, "A JSON object is needed.");
        }

        if (!IsPlainJson(request))
        {
            throw new InvalidRequestException(
                new Dictionary<string, string[]> { [Field] = ["Content-Type must be application/json, in UTF-8 and without a Content-Encoding."] },
                StatusCodes.Status415UnsupportedMediaType);
        }

        try
        {
            // The parser looks at the encoding of what is read, not of a name that nobody asks for.
            using var document = Utf8.IsValid(bytes.Span) ? JsonDocument.Parse(bytes, Strict) : throw new JsonException();
            return document.RootElement.ValueKind is JsonValueKind.Object
                ? new JsonFields(document.RootElement.Clone())
                : throw new InvalidRequestException(Field, "A JSON object is needed.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: half a surrogate pair in a property's name.
            throw new InvalidRequestException(Field, "This is not well-formed JSON (UTF-8, no duplicate names, at most 16 levels).");
        }
    }

    /// <summary>What is called compressed or otherwise encoded, and can be read nonetheless, is not what its sender says.</summary>
    private static bool IsPlainJson(HttpRequest request) =>
        request.Headers.ContentEncoding.Count == 0
        && MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MatchesMediaType("application/json")
        && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
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
            throw new InvalidRequestException(new Dictionary<string, string[]> { [Field] = ["The body could not be read."] }, exception.StatusCode);
        }

        return buffer.ToArray();
    }

    private static InvalidRequestException TooLong() => new(
        new Dictionary<string, string[]> { [Field] = [$"At most {MaximumBytes} bytes are read."] },
        StatusCodes.Status413PayloadTooLarge);
}
