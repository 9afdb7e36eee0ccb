using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace FinxFunctions.Tests.Fuzzing;

/// <summary>The mutations of a valid request that follow from one seed.</summary>
internal sealed class Mutation(int seed)
{
    private static readonly string[] Nasty =
    [
        "", " ", "\0", "\n", "\r\nX: y", "\u001b[31m", "\u202e", "\ufeff", "\ufffd", "😀", "null", "true", "0", "-1", "1e999", "99999999999999999999", "NaN", "..", "../..", "%2e%2e%2f", "/", "\\",
        "'", "\"", "' or PartitionKey ne '", "'; drop table connections; --", "{}", "[]", "${jndi:ldap://x}", "{{7*7}}", "<script>alert(1)</script>", "javascript:alert(1)", "https://evil.test/", "//evil.test", "%00", "%", "%zz",
    ];

    private readonly Random _random = new(seed);

    public bool Chance(int oneIn) => _random.Next(oneIn) == 0;

    public T Pick<T>(params T[] choices) => choices[_random.Next(choices.Length)];

    public string Text() => _random.Next(4) switch
    {
        0 => Pick(Nasty) + Pick(Nasty),
        1 => new string(Pick('a', '0', 'ä', '"', '\0', '/'), _random.Next(1, 3_000)),
        2 => string.Concat(Enumerable.Range(0, _random.Next(1, 40)).Select(_ => (char)_random.Next(1, 0xD7FF))),
        _ => Pick(Nasty),
    };

    /// <summary>A text that differs from the given one, perhaps in one character only.</summary>
    public string Spoil(string text)
    {
        var spoiled = _random.Next(6) switch
        {
            0 => Text(),
            1 => text[.._random.Next(text.Length)],
            2 => text + Pick("a", "=", "\0", " ", "/", "%20"),
            3 => text.ToUpperInvariant(),
            4 => text.Insert(_random.Next(text.Length), Pick(Nasty)),
            _ => Flip(text),
        };
        return spoiled == text ? Flip(text) : spoiled;
    }

    public string Escape(string text) => Chance(8) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '%' or ';' or '+') ? text : Uri.EscapeDataString(text);

    public string Query() => Chance(6) ? $"?{Escape(Text())}={Escape(Text())}" : "";

    public string Header() => string.Concat(Text().Where(c => c is >= ' ' and <= '~'));

    public string ContentType() => _random.Next(12) switch
    {
        0 => "text/plain",
        1 => "",
        2 => "application/json; charset=utf-16",
        3 => Header(),
        4 => "application/x-www-form-urlencoded",
        _ => "application/json",
    };

    /// <summary>A body that differs from a valid one in its values, its structure or its bytes.</summary>
    public byte[] Body(JsonObject good)
    {
        foreach (var name in good.Select(field => field.Key).ToList())
        {
            if (Chance(8))
            {
                good[name] = Value(4);
            }
            else if (Chance(12))
            {
                good.Remove(name);
            }
        }

        if (Chance(6))
        {
            good[Pick(Text(), "User_Id", "redirect_uri", "__proto__")] = Value(4);
        }

        var bytes = Encoding.UTF8.GetBytes(good.ToJsonString());
        return _random.Next(10) switch
        {
            0 => Encoding.UTF8.GetBytes(good.ToJsonString().Replace("{", """{"user_id":"twice",""", StringComparison.Ordinal)),
            1 => bytes[.._random.Next(bytes.Length)],
            2 => Scatter(bytes),
            3 => Encoding.UTF8.GetBytes(Pick("", "null", "[]", "\"x\"", "1", "{", "{}", "{\"a\":\"\\ud800\"}", "{\"\\ud800\":1}", new string('[', 5_000), $"{{\"sync_period\":1{new string('0', 4_000)}}}")),
            4 => [.. bytes, .. Encoding.UTF8.GetBytes(Pick(" ", "{}", "x", "\0"))],
            5 when Chance(20) => new byte[10 * 1024 * 1024],
            _ => bytes,
        };
    }

    private JsonNode? Value(int depth) => _random.Next(depth > 0 ? 9 : 6) switch
    {
        0 => null,
        1 => Chance(2),
        2 => JsonNode.Parse(Pick("0", "-1", "1.5", "1e400", "99999999999999999999999999", "-0", "2147483648")),
        3 or 4 => Text(),
        5 => _random.Next().ToString(CultureInfo.InvariantCulture),
        6 => new JsonArray([.. Enumerable.Range(0, _random.Next(4)).Select(_ => Value(depth - 1))]),
        7 => new JsonArray([.. Enumerable.Range(0, 60).Select(_ => Value(0))]),
        _ => new JsonObject { ["id"] = Value(depth - 1), [Pick(Nasty)] = Value(depth - 1) },
    };

    private string Flip(string text)
    {
        var at = _random.Next(text.Length);
        return string.Concat(text.AsSpan(0, at), text[at] == 'x' ? "y" : "x", text.AsSpan(at + 1));
    }

    private byte[] Scatter(byte[] bytes)
    {
        for (var changes = _random.Next(1, 6); changes > 0; changes--)
        {
            bytes[_random.Next(bytes.Length)] = (byte)_random.Next(256);
        }

        return bytes;
    }
}
