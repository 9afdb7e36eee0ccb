namespace FinxFunctions.Finx;

/// <summary>
/// Which known words an error body has. Names (<c>error</c>, <c>code</c>, <c>type</c>) count in any spelling. Descriptions are read for known
/// words alone, and are not kept: they may hold personal data.
/// </summary>
public sealed class ErrorWords
{
    private const int LongestText = 256;
    private const int LongestPlainBody = 128;

    private static readonly HashSet<string> Wrappers = ["error", "errors", "fault", "detail", "details", "cause", "data"];
    private static readonly HashSet<string> NameFields = ["error", "errors", "code", "errorcode", "name", "errorname", "type", "errortype", "reason", "key", "id", "subcode", "suberror", "errorkey"];
    private static readonly HashSet<string> ProseFields = ["message", "msg", "errormessage", "description", "errordescription", "detail", "details", "title", "summary", "text"];
    private static readonly HashSet<string> TokenFields = ["refreshtoken", "code", "token", "authorizationcode"];

    private readonly List<int> _codes = [];
    private readonly List<string> _names = [];
    private readonly List<string> _prose = [];
    private readonly List<string> _aboutToken = [];
    private bool _isAboutOtherFields;
    private bool _isPlain;

    private ErrorWords()
    {
    }

    /// <summary>Whether the body names an error under <c>error</c> or <c>errors</c>.</summary>
    public bool HasError { get; private set; }

    /// <summary>Whether there may be tokens in a place where they do not belong, such as in <c>data</c>.</summary>
    public bool HasHiddenToken { get; private set; }

    /// <summary>Whether it says that the presented token is worth nothing.</summary>
    public bool IsDead =>
        _names.Any(TokenWords.IsDead)
        || (_prose.Any(TokenWords.IsDead) && !_names.Any(TokenWords.IsRequest))
        || (_codes.Exists(code => code is 1000 or 1002 or 1003) && _prose.Any(TokenWords.IsDeadSentence))
        || _aboutToken.Exists(TokenWords.IsDeadComplaint);

    /// <summary>Whether it speaks of the token or of the user, and not in words that end a connection.</summary>
    public bool IsAboutToken => _aboutToken.Count > 0 || _prose.Any(TokenWords.IsDeadSentence) || _codes.Exists(code => code is >= 10000 and < 20000);

    /// <summary>Whether it refuses this client or the form of the request.</summary>
    public bool IsClient =>
        _codes.Exists(code => code is 1004 or 1007)
        || _names.Concat(_prose).Any(TokenWords.IsClient)
        || (_isAboutOtherFields && _aboutToken.Count == 0 && _codes.Contains(1000));

    /// <summary>Whether it asks to try again later: finX, a bank or the network failed, or there were too many calls.</summary>
    public bool IsLater => _codes.Exists(code => code is 1008 or 429 or 502 or 503 or 504 or (>= 20000 and < 60000)) || _names.Concat(_prose).Any(TokenWords.IsLater);

    /// <summary>Whether finX itself speaks, or anybody who names an error in a word that is no HTTP status.</summary>
    public bool HasOwnName => !_isPlain && (_codes.Exists(code => code >= 1000) || _names.Exists(name => !TokenWords.IsStatus(name)));

    /// <summary>Reads a body; an HTML page has no words. Never throws.</summary>
    public static ErrorWords Of(ReadOnlyMemory<byte> body)
    {
        var words = new ErrorWords();
        var first = LenientJson.FirstByteOf(body);
        if (first is not ((byte)'{' or (byte)'[' or (byte)'"'))
        {
            words.AddPlain(body, first);
            return words;
        }

        foreach (var scalar in new LenientJson(body).Scalars())
        {
            words.Add(scalar);
        }

        return words;
    }

    /// <summary>A body that is no JSON may be the name alone.</summary>
    private void AddPlain(ReadOnlyMemory<byte> body, byte? first)
    {
        _isPlain = true;
        if (first is not (null or (byte)'<') && body.Length <= LongestPlainBody)
        {
            _names.Add(System.Text.Encoding.Latin1.GetString(body.Span));
        }
    }

    private void Add(JsonScalar scalar)
    {
        string[] path = [.. scalar.Path.Select(Spelling.Of)];
        var isInError = path is ["error" or "errors", ..];
        var text = scalar.Text is { Length: > 0 and <= LongestText } shown ? shown : null;
        HasError |= isInError && scalar.Text is { Length: > 0 } and not "0";
        HasHiddenToken |= !isInError && scalar.Text is { Length: > 0 } && path.Length > 0 && path[^1] is "accesstoken" or "refreshtoken";
        if (path is ["error", "data", var field, ..])
        {
            _isAboutOtherFields |= !TokenFields.Contains(field);
            if (TokenFields.Contains(field))
            {
                _aboutToken.Add(text ?? "");
            }
        }
        else if (text is not null && path.SkipLast(1).All(Wrappers.Contains))
        {
            AddWord(path is [.., var last] ? last : "error", text, scalar.IsString);
        }
    }

    private void AddWord(string field, string text, bool isString)
    {
        if (NameFields.Contains(field) && FinxError.CodeOf(text) is { } code)
        {
            _codes.Add(code);
        }
        else if (NameFields.Contains(field) && isString && text.Contains(':', StringComparison.Ordinal))
        {
            // The type of a problem (RFC 9457): an address, which ends with the name.
            _prose.Add(text[(text.LastIndexOfAny(['/', ':', '#']) + 1)..]);
        }
        else if (NameFields.Contains(field) && isString)
        {
            _names.Add(text);
        }
        else if (ProseFields.Contains(field) && isString)
        {
            _prose.Add(text);
        }
    }
}
