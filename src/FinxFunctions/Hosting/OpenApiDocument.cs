using System.Net.Mime;

namespace FinxFunctions.Hosting;

/// <summary>The HTTP contract as an OpenAPI 3.1 document: the file openapi.json in this folder.</summary>
public static class OpenApiDocument
{
    /// <summary>The document, UTF-8.</summary>
    public static ReadOnlyMemory<byte> Utf8 { get; } = Read();

    public static IResult Answer() => TypedResults.Bytes(Utf8, MediaTypeNames.Application.Json);

    private static byte[] Read()
    {
        using var resource = typeof(OpenApiDocument).Assembly.GetManifestResourceStream("openapi.json")!;
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }
}
