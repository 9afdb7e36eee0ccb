using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace FinxSandbox.Identity;

/// <summary>
/// Access tokens of the managed identity, signed with a key that all sandboxes share: a client's token cache
/// outlives a sandbox, and a token from one must be valid at the vaults of another.
/// They expire by the system clock, as the caches of Azure's clients do, not by the sandbox clock.
/// </summary>
internal static class IdentityTokens
{
    public const string Tenant = "5a4db0c5-7a1d-4c7e-9d0b-5f1e0f1a5a4d";

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);
    private static readonly byte[] Key = SHA256.HashData("FinxSandbox managed identity"u8);
    private static readonly string Header = Base64Url.EncodeToString("""{"typ":"JWT","alg":"HS256"}"""u8);

    public static (string Token, DateTimeOffset ExpiresAt) Issue(string resource)
    {
        var now = TimeProvider.System.GetUtcNow();
        var expiresAt = now + Lifetime;
        var claims = new IdentityClaims(
            resource, $"https://sts.windows.net/{Tenant}/", now.ToUnixTimeSeconds(), now.ToUnixTimeSeconds(), expiresAt.ToUnixTimeSeconds(), Tenant);
        var signed = $"{Header}.{Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims, IdentityJson.Default.IdentityClaims))}";
        return ($"{signed}.{Sign(signed)}", expiresAt);
    }

    /// <summary>Whether the token is from a sandbox, for this resource, and not expired.</summary>
    public static bool IsGood(string token, string resource)
    {
        if (token.Split('.') is not [var header, var payload, var signature]
            || !CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(signature), Encoding.ASCII.GetBytes(Sign($"{header}.{payload}"))))
            return false;

        var claims = JsonSerializer.Deserialize(Base64Url.DecodeFromChars(payload), IdentityJson.Default.IdentityClaims);
        return claims is not null
            && claims.Aud.TrimEnd('/') == resource
            && DateTimeOffset.FromUnixTimeSeconds(claims.Exp) > TimeProvider.System.GetUtcNow();
    }

    private static string Sign(string text) => Base64Url.EncodeToString(HMACSHA256.HashData(Key, Encoding.ASCII.GetBytes(text)));
}
