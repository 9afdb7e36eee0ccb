using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FinxSandbox.Calls;

namespace FinxSandbox.Finx.Tokens;

/// <summary>Makes codes and tokens of any length.</summary>
internal static class TokenMint
{
    /// <summary>Characters that RFC 6750 allows in a bearer token and that need no escaping in a URL.</summary>
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    /// <summary>Enough tries to find the last free one of the 66 tokens of one character.</summary>
    private const int Tries = 2_000;

    public static string Opaque(int length) => RandomNumberGenerator.GetString(Alphabet, Math.Max(1, length));

    /// <summary>A token that looks like a JWT; nobody can verify its signature.</summary>
    public static string Jwt(string subject, DateTimeOffset issuedAt, DateTimeOffset expiresAt)
    {
        var payload = new JsonObject
        {
            ["iss"] = "finx-sandbox",
            ["sub"] = subject,
            ["iat"] = issuedAt.ToUnixTimeSeconds(),
            ["exp"] = expiresAt.ToUnixTimeSeconds(),
            ["jti"] = Guid.NewGuid().ToString(),
        };
        return string.Join('.',
            Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8),
            Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload.ToJsonString())),
            Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));
    }

    /// <summary>One that <paramref name="known"/> does not hold yet, by hash, as long as there is one.</summary>
    public static string Unique<T>(Func<string> make, IReadOnlyDictionary<string, T> known)
    {
        var token = make();
        for (var tries = 1; tries < Tries && known.ContainsKey(TokenHash.Of(token)); tries++)
            token = make();
        return token;
    }
}
