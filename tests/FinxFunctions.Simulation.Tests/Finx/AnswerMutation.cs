using System.IO.Compression;
using System.Text;

namespace FinxFunctions.Simulation.Tests.Finx;

/// <summary>Makes odd answers from those of the corpus: field types, names, nesting, bytes, encodings and statuses.</summary>
internal sealed class AnswerMutation(Random random)
{
    private static readonly int[] Statuses = [200, 201, 202, 204, 206, 301, 302, 304, 400, 401, 403, 404, 405, 408, 409, 410, 413, 415, 418, 422, 423, 425, 429, 451, 500, 501, 502, 503, 504, 520, 599];

    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-1", "1003", "1004", "1e999", "3600.5", "\"\"", "\" \"", "\"1008\"", "[]", "{}", "[null]", "{\"code\":1000}", "\"\\ud800\"", "\"\\u0000\"", "\"Unauthorized\"",
        "\"busy\"", "\"sch\u00f6n\"", "[[[[[[[[[[\"deep\"]]]]]]]]]]", "{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"f\":{\"g\":1}}}}}}}", "\"\\", "\"open", "NaN", "undefined", "'single'",
    ];

    private static readonly string[] Names = ["error", "code", "errors", "message", "description", "data", "refresh_token", "access_token", "expires_in", "scope", "status", "type"];

    private static readonly byte[][] Bytes = [[0], [0xFF], [0xC3], [0xEF, 0xBB, 0xBF], [(byte)'"'], [(byte)'\\'], [(byte)'{'], [(byte)'}'], [(byte)']'], [(byte)','], [(byte)'/', (byte)'/'], [(byte)'/', (byte)'*'], [0xD8, 0x00], [(byte)'\n']];

    private static readonly string[] Encodings = ["gzip", "br", "deflate", "identity", "gzip, br", "zstd", "GZIP", ","];

    public (int Status, Dictionary<string, string> Headers, byte[] Body) Next()
    {
        var source = AnswerCase.All[random.Next(AnswerCase.All.Count)];
        var headers = new Dictionary<string, string>(source.Headers);
        var body = source.Bytes;
        for (var times = random.Next(4); times > 0; times--)
        {
            body = Mutate(body);
        }

        if (random.Next(8) == 0)
        {
            headers["Content-Encoding"] = Encodings[random.Next(Encodings.Length)];
            body = random.Next(2) == 0 ? body : Compress(body);
        }

        if (random.Next(8) == 0)
        {
            headers["Retry-After"] = Values[random.Next(Values.Length)];
        }

        return (random.Next(2) == 0 ? source.Status : Statuses[random.Next(Statuses.Length)], headers, body);
    }

    private byte[] Mutate(byte[] body) => random.Next(7) switch
    {
        0 => body[..random.Next(body.Length + 1)],
        1 => [.. body, .. Bytes[random.Next(Bytes.Length)]],
        2 => [.. Bytes[random.Next(Bytes.Length)], .. body],
        3 when random.Next(body.Length + 1) is var at => [.. body[..at], .. Bytes[random.Next(Bytes.Length)], .. body[at..]],
        4 => [.. Encoding.UTF8.GetBytes($"{{\"{Names[random.Next(Names.Length)]}\":"), .. body, (byte)'}'],
        5 => Add(body),
        _ => Encoding.UTF8.GetBytes($"{{\"{Names[random.Next(Names.Length)]}\":{Values[random.Next(Values.Length)]}}}"),
    };

    /// <summary>Puts a member in front of all others.</summary>
    private byte[] Add(byte[] body) =>
        body is [(byte)'{', .. var rest] ? [.. Encoding.UTF8.GetBytes($"{{\"{Names[random.Next(Names.Length)]}\":{Values[random.Next(Values.Length)]},"), .. rest] : body;

    private static byte[] Compress(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(body);
        }

        return packed.ToArray();
    }
}
