using System.Globalization;
using FinxFunctions.Primitives;

namespace FinxFunctions.Finx;

/// <summary>An answer of <c>POST /auth/token</c> (RFC 6749, section 5.1). finX may leave out anything but one of the tokens.</summary>
/// <param name="AccessToken">Null where the answer has none. Only the refresh token is irreplaceable.</param>
/// <param name="ExpiresIn">Life of the access token; null where finX did not say.</param>
public sealed record TokenResponse(Secret? AccessToken, string TokenType, TimeSpan? ExpiresIn, Secret? RefreshToken, string? Scope)
{
    private const int LongestText = 4096;

    /// <summary>Life of the refresh token; null where finX did not say (<c>refresh_token_expires_in</c>, and its spellings).</summary>
    public TimeSpan? RefreshExpiresIn { get; init; }

    /// <summary>Whether a refresh token may have been in the answer that cannot be read: its field is damaged, or the end is missing.</summary>
    public bool IsPartial { get; init; }

    /// <summary>
    /// Reads an answer, each field for itself; null where it holds no token. Any field may be missing or wrong: the tokens in the answer may
    /// be the only ones that finX honours. Of two fields of one name the last that can be read counts. Never throws.
    /// </summary>
    public static TokenResponse? TryParse(ReadOnlyMemory<byte> body)
    {
        var response = new TokenResponse(null, "Bearer", null, null, null);
        var json = new LenientJson(body);
        var damaged = false;
        foreach (var scalar in json.Scalars())
        {
            response = scalar is { Depth: 1, Path.Length: 1, Text: { Length: > 0 } text } ? response.With(Spelling.Of(scalar.Path[0]), text) : response;
            damaged |= scalar is { Path: [var name, ..], Text: { } value } && !string.IsNullOrWhiteSpace(value) && Spelling.Of(name) == "refreshtoken";
        }

        return response is { AccessToken: null, RefreshToken: null }
            ? null
            : response with { IsPartial = response.RefreshToken is null && (damaged || !json.IsWhole) };
    }

    private TokenResponse With(string name, string text) => name switch
    {
        "accesstoken" => this with { AccessToken = TokenOf(text, char.IsAscii) ?? AccessToken },
        "refreshtoken" => this with { RefreshToken = TokenOf(text, c => c != '\uFFFD' && !char.IsSurrogate(c)) ?? RefreshToken },
        "tokentype" => this with { TokenType = TextOf(text) ?? TokenType },
        "scope" => this with { Scope = TextOf(text) ?? Scope },
        "expiresin" => this with { ExpiresIn = SecondsOf(text) ?? ExpiresIn },
        "refreshtokenexpiresin" or "refreshexpiresin" or "refreshtokenlifetime" or "refreshlifetime" or "refreshtokenvalidity" or "refreshtokenttl"
            or "refreshtokenmaxage" or "refreshtokenexpiration" or "refreshtokenexpires" or "refreshtokenvalidfor" or "refreshtokenexpiry" or "refreshtokenlife"
            => this with { RefreshExpiresIn = SecondsOf(text) ?? RefreshExpiresIn },
        ['x', .. var plain] when plain.StartsWith("refresh", StringComparison.Ordinal) => With(plain, text),
        _ => this,
    };

    /// <summary>Blanks and line ends around a token are no part of it. A token with a control character in it is damaged.</summary>
    private static Secret? TokenOf(string text, Func<char, bool> isAllowed) =>
        text.Trim(' ', '\t', '\r', '\n', '\0') is { Length: > 0 } token && token.All(c => !char.IsControl(c) && isAllowed(c)) ? new Secret(token) : null;

    /// <summary>A text that is kept beside the tokens. It is not worth a token: what cannot be written again is left out.</summary>
    private static string? TextOf(string text) =>
        text.Length <= LongestText && text.Trim() is { Length: > 0 } trimmed && !trimmed.Any(c => char.IsSurrogate(c) || char.IsControl(c)) ? trimmed : null;

    private static TimeSpan? SecondsOf(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 315_360_000
            ? TimeSpan.FromSeconds(seconds)
            : null;
}
