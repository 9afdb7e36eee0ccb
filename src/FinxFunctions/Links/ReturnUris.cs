namespace FinxFunctions.Links;

/// <summary>Where users may be sent in the end: compared by parsed parts, never by how an address begins.</summary>
public sealed class ReturnUris(IOptions<LinkOptions> options)
{
    private const int MaximumLength = 2048;

    private static readonly string[] Hidden = ["%2f", "%5c", "%2e", "%00", "//"];

    /// <summary>Reads an address that a user may be sent to, its host in ASCII as headers need it; null where it is none.</summary>
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

    /// <summary>Reads the origin of an address that a user may be sent to: scheme, host and port, nothing more. Null where it is none.</summary>
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

    /// <summary>Whole segments: <c>/app</c> admits <c>/app</c> and <c>/app/x</c>, not <c>/apple</c>.</summary>
    private static bool IsWithin(string path, string allowed) =>
        path == allowed || path.StartsWith(allowed.EndsWith('/') ? allowed : allowed + "/", StringComparison.Ordinal);

    /// <summary>Slashes, backslashes and dots that a server behind may decode, and so see another path than we do.</summary>
    private static bool HasHiddenSegments(Uri uri) =>
        Hidden.Any(part => uri.AbsolutePath.Contains(part, StringComparison.OrdinalIgnoreCase));
}
