using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure;
using Azure.Security.KeyVault.Secrets;

namespace FinxFunctions.KeyVault;

/// <summary>
/// Token pairs in Key Vault: one secret version for each pair. A secret's name is the connection's id and a number that grows every
/// <see cref="GenerationsPerName"/> generations, because single versions cannot be deleted, and a backup refuses a secret with more than
/// 500. A name is never used again. Names and tags hold no personal data.
/// </summary>
/// <remarks>
/// A pair larger than a secret may be (25 KB) is encrypted under a key of its own. The secret holds that key, and a table row the
/// ciphertext. So a token of any length is stored, and cannot be read without the one secret version.
/// </remarks>
public sealed class TokenVault(VaultClients vaults)
{
    public const int GenerationsPerName = 256;

    private const string PairContentType = "application/vnd.finxfunctions.token-pair+json";
    private const string KeyContentType = "application/vnd.finxfunctions.token-pair-key";
    private const int MaximumValue = 25_000;

    /// <summary>Name of the secret that holds a generation of a connection.</summary>
    public static string NameOf(string connectionId, int generation) =>
        string.Create(CultureInfo.InvariantCulture, $"connection-{connectionId}-{generation / GenerationsPerName}");

    /// <summary>Writes a pair as a new secret version. A repeated call writes one more version.</summary>
    /// <exception cref="VaultException">Key Vault did not take it.</exception>
    public Task<StoredTokenPair> SetAsync(Uri vault, TokenPair pair, CancellationToken cancellationToken) => VaultException.GuardAsync(async () =>
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(pair, TokenPairJson.Default.TokenPair);
        var (value, contentType, overflow) = json.Length <= MaximumValue
            ? (Encoding.UTF8.GetString(json), PairContentType, null)
            : Split(json);
        var secret = new KeyVaultSecret(NameOf(pair.ConnectionId, pair.Generation), value)
        {
            Properties =
            {
                ContentType = contentType,
                ExpiresOn = pair.RefreshExpiresAt,
                Tags = { ["generation"] = pair.Generation.ToString(CultureInfo.InvariantCulture) },
            },
        };
        var written = VaultResponse.EnsureComplete(await vaults.For(vault).SetSecretAsync(secret, cancellationToken));
        return new StoredTokenPair(written.Id, overflow);
    });

    /// <summary>Reads the pair of an exact secret version.</summary>
    /// <exception cref="VaultException">Key Vault did not give it.</exception>
    public Task<TokenPair> GetAsync(Uri secretId, byte[]? overflow, CancellationToken cancellationToken) => VaultException.GuardAsync(async () =>
    {
        var id = new KeyVaultSecretIdentifier(secretId);
        var secret = VaultResponse.EnsureComplete(await vaults.For(id.VaultUri).GetSecretAsync(id.Name, id.Version, cancellationToken: cancellationToken));
        return Read(secret, overflow) ?? throw new InvalidDataException($"Secret {id.Name} holds no token pair.");
    });

    /// <summary>
    /// The pair of a generation, if it reached the vault although the row that should name it could not be written. Null where the vault does
    /// not have it, or only a part of it.
    /// </summary>
    /// <exception cref="VaultException">Key Vault did not answer.</exception>
    public Task<(TokenPair Pair, Uri SecretId)?> FindAsync(Uri vault, string connectionId, int generation, CancellationToken cancellationToken) => VaultException.GuardAsync<(TokenPair, Uri)?>(async () =>
    {
        try
        {
            var secret = VaultResponse.EnsureComplete(await vaults.For(vault).GetSecretAsync(NameOf(connectionId, generation), cancellationToken: cancellationToken));
            return secret.Properties.ContentType == PairContentType && Read(secret, null) is { } pair && pair.Generation == generation
                ? (pair, secret.Id)
                : null;
        }
        catch (RequestFailedException exception) when (exception.Status is 404)
        {
            return null;
        }
    });

    /// <summary>TEMPORARY.</summary>
    public async Task<FoundPair?> LatestAsync(Uri vault, string connectionId, int generation, Uri? secretId, byte[]? overflow, CancellationToken cancellationToken)
    {
        var latest = await FindAsync(vault, connectionId, generation + 1, cancellationToken);
        return latest is var (pair, id) ? new FoundPair(pair, id, true)
            : new FoundPair(await GetAsync(secretId!, overflow, cancellationToken), secretId!, false);
    }

    /// <summary>Whether the vault has a secret of this name.</summary>
    /// <exception cref="VaultException">Key Vault did not answer.</exception>
    public Task<bool> ExistsAsync(Uri vault, string name, CancellationToken cancellationToken) => VaultException.GuardAsync(async () =>
    {
        try
        {
            await vaults.For(vault).GetSecretAsync(name, cancellationToken: cancellationToken);
            return true;
        }
        catch (RequestFailedException exception) when (exception.Status is 404)
        {
            return false;
        }
    });

    /// <summary>Deletes a secret with all its versions, without waiting for the end of the deletion. A missing secret is no error.</summary>
    /// <exception cref="VaultException">Key Vault did not do it.</exception>
    public Task DeleteAsync(Uri vault, string name, CancellationToken cancellationToken) => VaultException.GuardAsync(async () =>
    {
        try
        {
            await vaults.For(vault).StartDeleteSecretAsync(name, cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status is 404 or 409)
        {
            // 409: it is being deleted already.
        }

        return true;
    });

    private static TokenPair? Read(KeyVaultSecret secret, byte[]? overflow) => (secret.Properties.ContentType, overflow) switch
    {
        (KeyContentType, { } bytes) => JsonSerializer.Deserialize(Join(secret.Value, bytes), TokenPairJson.Default.TokenPair),
        (KeyContentType, null) => null,
        _ => JsonSerializer.Deserialize(secret.Value, TokenPairJson.Default.TokenPair),
    };

    private static (string Value, string ContentType, byte[] Overflow) Split(byte[] json)
    {
        var key = RandomNumberGenerator.GetBytes(AesGcmCipher.KeySize);
        return (Convert.ToBase64String(key), KeyContentType, AesGcmCipher.Encrypt(key, json, OverflowContext));
    }

    private static byte[] Join(string key, byte[] overflow) => AesGcmCipher.Decrypt(Convert.FromBase64String(key), overflow, OverflowContext);

    private static ReadOnlySpan<byte> OverflowContext => "overflow"u8;
}
