using System.Buffers;
using System.Globalization;
using System.Text;

namespace FinxFunctions.Finx;

/// <summary>
/// Reads the scalars of a JSON body one by one, as far as the body can be read. A defect costs the field that it is in, and no other:
/// wrong bytes, half surrogates, control characters, comments, missing or trailing commas, anything behind the end, an end that is missing.
/// Never throws. A text or number that is cut off is left out.
/// </summary>
public sealed class LenientJson(ReadOnlyMemory<byte> body)
{
    /// <summary>Scalars below this depth are passed over. None of them is read anywhere.</summary>
    private const int DeepestRead = 6;

    private static readonly SearchValues<byte> LiteralEnds = SearchValues.Create(",:{}[]\" \t\r\n\0"u8);

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlyMemory<byte> _body = InUtf8(body);
    private readonly Stack<bool> _isObject = [];
    private readonly List<string?> _names = [];
    private string? _name;
    private int _at;

    /// <summary>Whether the end of the outermost object or array was found. Known once all scalars are read.</summary>
    public bool IsWhole { get; private set; }

    public IEnumerable<JsonScalar> Scalars()
    {
        while (SkipBlanks() && !IsWhole)
        {
            switch (_body.Span[_at])
            {
                case (byte)'{' or (byte)'[':
                    Open();
                    break;
                case (byte)'}' or (byte)']':
                    Close();
                    break;
                case (byte)',' or (byte)':':
                    (_name, _at) = (null, _at + 1);
                    break;
                case (byte)'"' when ReadString() is null:
                    yield break;
                case (byte)'"' when _isObject.TryPeek(out var inObject) && inObject && _name is null:
                    _name = SkipBlanks() && _body.Span[_at] == ':' ? Take(LastString) : null;
                    break;
                case (byte)'"':
                    if (Scalar(LastString, isString: true) is { } quoted)
                    {
                        yield return quoted;
                    }

                    break;
                default:
                    if (ReadLiteral() is not { } literal)
                    {
                        yield break;
                    }

                    if (Scalar(literal is "null" or "false" ? null : literal, isString: false) is { } bare)
                    {
                        yield return bare;
                    }

                    break;
            }

            if (_isObject.Count == 0 && !IsWhole)
            {
                yield break; // a body that is no object and no array
            }
        }
    }

    /// <summary>The first byte that is no blank; null where there is none. An HTML page begins with <c>&lt;</c>.</summary>
    public static byte? FirstByteOf(ReadOnlyMemory<byte> body)
    {
        var reader = new LenientJson(body);
        return reader.SkipBlanks() ? reader._body.Span[reader._at] : null;
    }

    private string LastString { get; set; } = "";

    private string Take(string name)
    {
        _at++;
        return name;
    }

    private void Open()
    {
        _isObject.Push(_body.Span[_at] == '{');
        if (_isObject.Count <= DeepestRead)
        {
            _names.Add(_name);
        }

        (_name, _at) = (null, _at + 1);
    }

    private void Close()
    {
        if (_isObject.Count <= DeepestRead && _names.Count > 0)
        {
            _names.RemoveAt(_names.Count - 1);
        }

        _isObject.TryPop(out _);
        IsWhole = _isObject.Count == 0;
        (_name, _at) = (null, _at + 1);
    }

    private JsonScalar? Scalar(string? text, bool isString)
    {
        var name = _name;
        _name = null;
        return _isObject.Count <= DeepestRead
            ? new JsonScalar([.. _names.Append(name).OfType<string>()], _isObject.Count, text, isString)
            : null;
    }

    /// <summary>Moves to the next byte that says something; false at the end.</summary>
    private bool SkipBlanks()
    {
        var bytes = _body.Span;
        while (_at < bytes.Length)
        {
            if (bytes[_at] <= ' ')
            {
                _at++;
            }
            else if (bytes[_at..].StartsWith("//"u8))
            {
                var length = bytes[_at..].IndexOf((byte)'\n');
                _at = length < 0 ? bytes.Length : _at + length;
            }
            else if (bytes[_at..].StartsWith("/*"u8))
            {
                var length = bytes[_at..].IndexOf("*/"u8);
                _at = length < 0 ? bytes.Length : _at + length + 2;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads a string into <see cref="LastString"/>; null where its end is missing.</summary>
    private string? ReadString()
    {
        var bytes = _body.Span[(_at + 1)..];
        for (var end = 0; end < bytes.Length; end++)
        {
            if (bytes[end] == '\\')
            {
                end++;
            }
            else if (bytes[end] == '"')
            {
                _at += end + 2;
                return LastString = Unescape(Decode(bytes[..end]));
            }
        }

        return null;
    }

    /// <summary>Reads a number or a literal; null where the body ends in it.</summary>
    private string? ReadLiteral()
    {
        var bytes = _body.Span[_at..];
        var length = bytes.IndexOfAny(LiteralEnds);
        _at += Math.Max(length, 1);
        return length < 0 ? null : Decode(bytes[..length]);
    }

    private static string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '\\' || ++at == text.Length)
            {
                plain.Append(text[Math.Min(at, text.Length - 1)]);
            }
            else if (text[at] == 'u' && at + 4 < text.Length && ushort.TryParse(text.AsSpan(at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
            {
                plain.Append((char)unit);
                at += 4;
            }
            else
            {
                plain.Append(text[at] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'f' => '\f', var other => other });
            }
        }

        return plain.ToString();
    }

    /// <summary>The body without a byte order mark. UTF-16 is converted.</summary>
    private static ReadOnlyMemory<byte> InUtf8(ReadOnlyMemory<byte> body) => body.Span switch
    {
        [0xEF, 0xBB, 0xBF, ..] => body[3..],
        [0xFF, 0xFE, ..] => Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(body.Span[2..])),
        [0xFE, 0xFF, ..] => Encoding.UTF8.GetBytes(Encoding.BigEndianUnicode.GetString(body.Span[2..])),
        _ => body,
    };
}
