using System.Globalization;
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
public sealed class TokenVault(VaultClients vaults, SecretReader secrets)
{
    public const int GenerationsPerName = 256;

    /// <summary>Name of the secret that holds a generation of a connection.</summary>
    public static string NameOf(string connectionId, int generation) =>
        string.Create(CultureInfo.InvariantCulture, $"connection-{connectionId}-{generation / GenerationsPerName}");

    /// <summary>Writes a pair as a new secret version. A repeated call writes one more version.</summary>
    /// <exception cref="VaultException">Key Vault did not take it.</exception>
    public Task<StoredTokenPair> SetAsync(Uri vault, TokenPair pair, CancellationToken cancellationToken) => VaultException.GuardAsync(async () =>
    {
        var (secret, overflow) = PairSecret.Of(NameOf(pair.ConnectionId, pair.Generation), pair);
        var written = VaultResponse.EnsureComplete(await vaults.For(vault).SetSecretAsync(secret, cancellationToken));
        return new StoredTokenPair(written.Id, overflow);
    }, cancellationToken);

    /// <summary>Reads the pair of an exact secret version.</summary>
    /// <exception cref="VaultException">Key Vault did not give it.</exception>
    public Task<TokenPair> GetAsync(Uri secretId, byte[]? overflow, CancellationToken cancellationToken) => VaultException.GuardAsync(async () =>
    {
        var id = new KeyVaultSecretIdentifier(secretId);
        var secret = VaultResponse.EnsureComplete(await vaults.For(id.VaultUri).GetSecretAsync(id.Name, id.Version, cancellationToken: cancellationToken));
        return PairSecret.Read(secret, overflow) ?? throw new InvalidDataException($"Secret {id.Name} holds no token pair.");
    }, cancellationToken);

    /// <summary>
    /// The newest pair of a connection. A newer one than the row says wins; else the exact version counts that the row names, and if that is
    /// missing, another version of the same generation. What was deleted is recovered.
    /// </summary>
    /// <returns>Null where the pair is lost.</returns>
    /// <exception cref="VaultException">Key Vault did not answer, or what it has cannot be read.</exception>
    public Task<FoundPair?> LatestAsync(KnownPair known, CancellationToken cancellationToken) =>
        new PairSearch(secrets, known).RunAsync(recovers: true, cancellationToken);

    /// <summary>As <see cref="LatestAsync"/>, and leaves deleted what was deleted.</summary>
    /// <exception cref="VaultException">Key Vault did not answer, or what it has cannot be read.</exception>
    public Task<FoundPair?> LatestUndeletedAsync(KnownPair known, CancellationToken cancellationToken) =>
        new PairSearch(secrets, known).RunAsync(recovers: false, cancellationToken);

    /// <summary>
    /// The pair of a generation, if it reached the vault although the row that should name it could not be written. Null where the vault does
    /// not have it, or only a part of it.
    /// </summary>
    /// <exception cref="VaultException">Key Vault did not answer.</exception>
    public async Task<(TokenPair Pair, Uri SecretId)?> FindAsync(Uri vault, string connectionId, int generation, CancellationToken cancellationToken)
    {
        var secret = await secrets.FindAsync(vault, NameOf(connectionId, generation), null, cancellationToken);
        if (secret is null || PairSecret.IsKey(secret) || PairSecret.GenerationOf(secret, connectionId) != generation)
        {
            return null;
        }

        return PairSecret.TryRead(secret, null, connectionId, generation) is { } pair
            ? (pair, secret.Id)
            : throw new VaultException(new InvalidDataException($"Secret version {secret.Id.AbsolutePath} holds no token pair."));
    }

    /// <summary>Whether the vault has a secret of this name.</summary>
    /// <exception cref="VaultException">Key Vault did not answer.</exception>
    public async Task<bool> ExistsAsync(Uri vault, string name, CancellationToken cancellationToken) =>
        await secrets.FindAsync(vault, name, null, cancellationToken) is not null;

    /// <summary>Deletes a secret with all its versions, without waiting for the end of the deletion. A missing secret is no error.</summary>
    /// <exception cref="VaultException">Key Vault did not do it.</exception>
    public Task DeleteAsync(Uri vault, string name, CancellationToken cancellationToken) => VaultException.GuardAsync(async () =>
    {
        try
        {
            await vaults.For(vault).StartDeleteSecretAsync(name, cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status is 409 || VaultException.IsMissing(exception))
        {
            // 409: it is being deleted already.
        }

        return true;
    }, cancellationToken);
}
