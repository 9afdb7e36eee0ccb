using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace FinxSandbox.Faults.Odd;

/// <summary>Right answers in a form that a strict reader refuses, though what they say is good.</summary>
internal static class OddSuccesses
{
    /// <summary>Stands where a value is put in as bytes.</summary>
    private const string Mark = "@@";

    private const int Deep = 100;

    public static IEnumerable<OddAnswer> All =>
    [
        Bytes("bom", body => [0xEF, 0xBB, 0xBF, .. body]),
        Bytes("nul_behind", body => [.. body, 0]),
        Bytes("comment_behind", body => [.. body, .. " // ok"u8]),
        Bytes("trailing_comma", body => [.. body[..^1], .. ",}"u8]),
        Bytes("deep_member", body => [.. body[..^1], .. Encoding.ASCII.GetBytes($",\"profile\":{new string('[', Deep)}{new string(']', Deep)}}}")]),
        Bytes("duplicate_refresh_token", body => [.. body[..^1], .. ",\"refresh_token\":\"\"}"u8]),
        Scope("latin1_byte", [(byte)'"', (byte)'M', 0xFC, (byte)'"']),
        Scope("half_surrogate", "\"\\ud800\""u8),
        Scope("control_character", "\"a\tb\""u8),

        Edit("access_token_absent", body => body.Remove("access_token")),
        Edit("access_token_null", body => body["access_token"] = null),
        Edit("refresh_token_absent", body => body.Remove("refresh_token")),
        Edit("refresh_token_newline", body => body["refresh_token"] = $"{body["refresh_token"]}\n"),
        Edit("expires_in_text", body => body["expires_in"] = body["expires_in"]?.ToString()),
        Edit("expires_in_zero", body => body["expires_in"] = 0),
        Bytes("wrapped_in_data", body => [.. "{\"data\":"u8, .. body, (byte)'}']),

        OddAnswer.Of("lying_gzip", right => right.With("Content-Encoding", "gzip")),
        OddAnswer.Of("cut_gzip", right => right.With("Content-Encoding", "gzip") with { Body = Compressed(right.Body) is var all ? all[..(all.Length / 2)] : [] }),
        OddAnswer.Of("umlaut_in_header", right => right.With("Content-Disposition", "attachment; filename=\"Umsätze.json\"")),
        OddAnswer.Of("cut_body", right => right with { Sent = right.Body.Length / 2 }),
        OddAnswer.Of("stalled_body", right => right with { Sent = right.Body.Length / 2, Stalls = true }),
        OddAnswer.Of("html_type", right => right.With("Content-Type", "text/html")),
    ];

    private static OddAnswer Bytes(string name, Func<byte[], byte[]> change) => OddAnswer.Of(name, right => right with { Body = change(right.Body) });

    private static OddAnswer Edit(string name, Action<JsonObject> change) => Bytes(name, body => Edited(body, change));

    /// <summary>The value of <c>scope</c>, which nobody needs, in bytes that are no JSON or no text.</summary>
    private static OddAnswer Scope(string name, ReadOnlySpan<byte> value)
    {
        var put = value.ToArray();
        return Bytes(name, body =>
        {
            var marked = Edited(body, members => members["scope"] = Mark);
            var at = marked.AsSpan().IndexOf("\"@@\""u8);
            return [.. marked[..at], .. put, .. marked[(at + Mark.Length + 2)..]];
        });
    }

    private static byte[] Edited(byte[] body, Action<JsonObject> change)
    {
        if (JsonNode.Parse(body) is not JsonObject members)
            return body;

        change(members);
        return Encoding.UTF8.GetBytes(members.ToJsonString());
    }

    private static byte[] Compressed(byte[] body)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            gzip.Write(body);
        return compressed.ToArray();
    }
}
