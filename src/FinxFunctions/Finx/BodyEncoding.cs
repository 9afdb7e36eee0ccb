using System.IO.Compression;

namespace FinxFunctions.Finx;

/// <summary>Undoes a Content-Encoding that was not asked for.</summary>
public static class BodyEncoding
{
    /// <summary>The body as it was before it was encoded; null where it is not what the header says, or longer than <paramref name="maximum"/> bytes.</summary>
    public static ReadOnlyMemory<byte>? Decode(ReadOnlyMemory<byte> body, IReadOnlyList<string> encodings, int maximum)
    {
        foreach (var encoding in encodings.Reverse())
        {
            if (DecodeOne(body, encoding, maximum) is not { } decoded)
            {
                return null;
            }

            body = decoded;
        }

        return body;
    }

    private static ReadOnlyMemory<byte>? DecodeOne(ReadOnlyMemory<byte> body, string encoding, int maximum)
    {
        try
        {
            using var source = new MemoryStream(body.ToArray());
            using Stream? decoder = encoding.ToLowerInvariant() switch
            {
                "gzip" or "x-gzip" => new GZipStream(source, CompressionMode.Decompress),
                "deflate" => new ZLibStream(source, CompressionMode.Decompress),
                "br" => new BrotliStream(source, CompressionMode.Decompress),
                _ => null,
            };
            return decoder is null ? null : Read(decoder, maximum);
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException or IOException)
        {
            return null;
        }
    }

    private static ReadOnlyMemory<byte>? Read(Stream decoder, int maximum)
    {
        var decoded = new byte[maximum + 1];
        var length = decoder.ReadAtLeast(decoded, decoded.Length, throwOnEndOfStream: false);
        return length > 0 && length <= maximum ? decoded.AsMemory(0, length) : null;
    }
}
