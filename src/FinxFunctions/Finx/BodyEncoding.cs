using System.IO.Compression;

namespace FinxFunctions.Finx;

/// <summary>Undoes a Content-Encoding that was not asked for.</summary>
public static class BodyEncoding
{
    /// <summary>
    /// The body as it was before it was encoded. Where it is cut or damaged, the part before that; empty where it is not what the header says.
    /// </summary>
    /// <param name="maximum">What is longer is cut.</param>
    public static ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> body, IReadOnlyList<string> encodings, int maximum) =>
        encodings.Reverse().Aggregate(body, (encoded, encoding) => DecodeOne(encoded, encoding, maximum));

    private static ReadOnlyMemory<byte> DecodeOne(ReadOnlyMemory<byte> body, string encoding, int maximum)
    {
        using var source = new MemoryStream(body.ToArray());
        using Stream? decoder = encoding.ToLowerInvariant() switch
        {
            "gzip" or "x-gzip" => new GZipStream(source, CompressionMode.Decompress),
            "deflate" => new ZLibStream(source, CompressionMode.Decompress),
            "br" => new BrotliStream(source, CompressionMode.Decompress),
            _ => null,
        };
        return decoder is null ? default : Read(decoder, new byte[maximum]);
    }

    private static ReadOnlyMemory<byte> Read(Stream decoder, byte[] decoded)
    {
        var length = 0;
        try
        {
            while (length < decoded.Length && decoder.Read(decoded, length, decoded.Length - length) is > 0 and var read)
            {
                length += read;
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException or IOException)
        {
            // What was decoded so far may hold the tokens.
        }

        return decoded.AsMemory(0, length);
    }
}
