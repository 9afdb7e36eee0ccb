namespace FinxFunctions.Links;

/// <summary>The addresses that users may be sent to after the widget. Parsed parts are compared, never prefixes of the text.</summary>
public sealed class ReturnUris(IOptions<LinkOptions> options)
{
    /// <summary>Characters of a return address at most.</summary>
    public const int MaximumLength = 2048;

    private static readonly string[] Hidden = ["%2f", "%5c", "%2e", "%00", "//"];

    /// <summary>Reads an allowed return address, with its host in ASCII, as headers need it; null if the address is not allowed.</summary>
    public Uri? TryParse(string text) =>
        text.Length <= MaximumLength
        && !text.Any(c => c is '\\' || char.IsWhiteSpace(c) || char.IsControl(c))
        && Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Fragment.Length == 0
        && !uri.GetLeftPart(UriPartial.Authority).Contains('@', StringComparison.Ordinal)
        && !text.Contains('#', StringComparison.Ordinal)
        && !HasHiddenSegments(uri)
        && options.Value.AllowedReturnUris.Any(allowed => IsWithin(uri, allowed))
            ? InAscii(uri)
            : null;

    /// <summary>Reads the origin of an allowed return address: scheme, host and port, nothing more. Null if the origin is not allowed.</summary>
    public string? TryParseOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri is { UserInfo.Length: 0, AbsolutePath: "/", Query.Length: 0, Fragment.Length: 0 }
        && text == InAscii(uri).GetLeftPart(UriPartial.Authority)
        && !text.Contains('@', StringComparison.Ordinal)
        && options.Value.AllowedReturnUris.Any(allowed => IsSameOrigin(uri, allowed))
            ? text
            : null;

    private static Uri InAscii(Uri uri) => uri.Host.All(char.IsAscii) ? uri : new UriBuilder(uri) { Host = uri.IdnHost }.Uri;

    private static bool IsWithin(Uri uri, Uri allowed) => IsSameOrigin(uri, allowed) && IsWithin(uri.AbsolutePath, allowed.AbsolutePath);

    private static bool IsSameOrigin(Uri uri, Uri allowed) =>
        uri.Scheme == allowed.Scheme
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        && string.Equals(uri.IdnHost, allowed.IdnHost, StringComparison.OrdinalIgnoreCase)
        && (uri.Port == allowed.Port || (allowed.IsLoopback && allowed.IsDefaultPort));

    /// <summary>Whole segments: <c>/app</c> allows <c>/app</c> and <c>/app/x</c>, not <c>/apple</c>.</summary>
    private static bool IsWithin(string path, string allowed) =>
        path == allowed || path.StartsWith(allowed.EndsWith('/') ? allowed : allowed + "/", StringComparison.Ordinal);

    /// <summary>Encoded slashes, backslashes and dots. The server of the application may decode them and so see another path than this check.</summary>
    private static bool HasHiddenSegments(Uri uri) =>
        Hidden.Any(part => uri.AbsolutePath.Contains(part, StringComparison.OrdinalIgnoreCase));
}
