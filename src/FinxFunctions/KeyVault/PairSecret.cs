using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure.Security.KeyVault.Secrets;

namespace FinxFunctions.KeyVault;

/// <summary>A token pair as a secret: the pair as JSON or, if it is larger than a secret may be, the key under which its overflow is encrypted.</summary>
public static class PairSecret
{
    private const string PairContentType = "application/vnd.finxfunctions.token-pair+json";
    private const string KeyContentType = "application/vnd.finxfunctions.token-pair-key";
    private const string GenerationTag = "generation";
    private const int MaximumValue = 25_000;

    private static ReadOnlySpan<byte> OverflowContext => "overflow"u8;

    /// <summary>The secret of a pair, and its overflow where the pair is too large.</summary>
    public static (KeyVaultSecret Secret, byte[]? Overflow) Of(string name, TokenPair pair)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(pair, TokenPairJson.Default.TokenPair);
        var (value, contentType, overflow) = json.Length <= MaximumValue
            ? (Encoding.UTF8.GetString(json), PairContentType, null)
            : Split(json);
        var secret = new KeyVaultSecret(name, value)
        {
            Properties =
            {
                ContentType = contentType,
                ExpiresOn = pair.RefreshExpiresAt,
                Tags = { [GenerationTag] = pair.Generation.ToString(CultureInfo.InvariantCulture) },
            },
        };
        return (secret, overflow);
    }

    /// <summary>The pair; null where the secret is only the key of an overflow that is not given.</summary>
    /// <exception cref="Exception">The secret holds no token pair, or the overflow is not its own.</exception>
    public static TokenPair? Read(KeyVaultSecret secret, byte[]? overflow) => (secret.Properties.ContentType, overflow) switch
    {
        (KeyContentType, { } bytes) => JsonSerializer.Deserialize(Join(secret.Value, bytes), TokenPairJson.Default.TokenPair),
        (KeyContentType, null) => null,
        _ => JsonSerializer.Deserialize(secret.Value, TokenPairJson.Default.TokenPair),
    };

    /// <summary>The pair of a connection, of this generation or a later one; null where the secret does not hold it, whatever else it holds.</summary>
    public static TokenPair? TryRead(KeyVaultSecret secret, byte[]? overflow, string connectionId, int generation)
    {
        if (secret.Properties.ContentType is not (PairContentType or KeyContentType))
        {
            return null;
        }

        try
        {
            return Read(secret, overflow) is { AccessToken: not null } pair && pair.ConnectionId == connectionId && pair.Generation >= generation ? pair : null;
        }
        catch (Exception exception) when (exception is JsonException or CryptographicException or FormatException)
        {
            return null;
        }
    }

    /// <summary>The generation, as the secret's tag names it or else the pair itself; 0 where neither does.</summary>
    public static int GenerationOf(KeyVaultSecret secret, string connectionId) =>
        secret.Properties.Tags.TryGetValue(GenerationTag, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
            ? generation
            : TryRead(secret, null, connectionId, 0)?.Generation ?? 0;

    /// <summary>Whether a secret is the key of an overflow.</summary>
    public static bool IsKey(KeyVaultSecret secret) => secret.Properties.ContentType == KeyContentType;

    private static (string Value, string ContentType, byte[] Overflow) Split(byte[] json)
    {
        var key = RandomNumberGenerator.GetBytes(AesGcmCipher.KeySize);
        return (Convert.ToBase64String(key), KeyContentType, AesGcmCipher.Encrypt(key, json, OverflowContext));
    }

    private static byte[] Join(string key, byte[] overflow) => AesGcmCipher.Decrypt(Convert.FromBase64String(key), overflow, OverflowContext);
}
