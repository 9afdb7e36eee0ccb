using System.Globalization;
using System.Text.Json;
using FinxFunctions.Primitives;

namespace FinxFunctions.Finx;

/// <summary>An answer of <c>POST /auth/token</c> (RFC 6749, section 5.1). finX may leave out anything but the access token.</summary>
/// <param name="AccessToken">Null where the answer has none. Only the refresh token is irreplaceable.</param>
/// <param name="ExpiresIn">Life of the access token; null where finX did not say.</param>
public sealed record TokenResponse(Secret? AccessToken, string TokenType, TimeSpan? ExpiresIn, Secret? RefreshToken, string? Scope)
{
    /// <summary>Life of the refresh token; null where finX did not say (<c>refresh_token_expires_in</c>, and its spellings).</summary>
    public TimeSpan? RefreshExpiresIn { get; init; }

    /// <summary>
    /// Reads an answer; null where it holds no access token. Any other field may be missing or wrong: the tokens in the answer may be the
    /// only ones that finX honours.
    /// </summary>
    public static TokenResponse? TryParse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement is not { ValueKind: JsonValueKind.Object } root || TextOf(root, "access_token") is not { } accessToken)
            {
                return null;
            }

            return new TokenResponse(
                new Secret(accessToken),
                TextOf(root, "token_type") ?? "Bearer",
                SecondsOf(root, "expires_in"),
                TextOf(root, "refresh_token") is { } refreshToken ? new Secret(refreshToken) : null,
                TextOf(root, "scope"));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string with half a surrogate pair.
            return null;
        }
    }

    private static string? TextOf(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static TimeSpan? SecondsOf(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value)
        && value.ValueKind is JsonValueKind.Number or JsonValueKind.String
        && double.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
        && seconds is > 0 and < 315_360_000
            ? TimeSpan.FromSeconds(seconds)
            : null;
}
