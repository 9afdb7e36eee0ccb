using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Security.KeyVault.Secrets;
using FinxFunctions.KeyVault;

namespace FinxFunctions.State;

/// <summary>
/// The key of the hash by which users are found: a user's id is personal data, so the index holds a keyed hash of it. The key is made at
/// the first use. If two processes make one at once, the row that is inserted first decides. The key is never changed, because the index
/// would have to be rebuilt.
/// </summary>
public sealed class LookupKey(VaultClients vaults, StateTables tables)
{
    public const string SecretName = "lookup-key";

    private byte[]? _key;

    /// <summary>The index key of a caller's user.</summary>
    /// <exception cref="VaultException">Key Vault did not give the key.</exception>
    /// <exception cref="StorageException">Table Storage did not tell which key it is.</exception>
    public async Task<string> HashAsync(string owner, string userId, CancellationToken cancellationToken)
    {
        var key = _key ??= await ReadAsync(cancellationToken);
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{owner}\n{userId}")));
    }

    private async Task<byte[]> ReadAsync(CancellationToken cancellationToken)
    {
        var id = new KeyVaultSecretIdentifier(await FindAsync(cancellationToken) ?? await MakeAsync(cancellationToken));
        return await VaultException.GuardAsync(async () =>
        {
            var secret = VaultResponse.EnsureComplete(await vaults.For(id.VaultUri).GetSecretAsync(id.Name, id.Version, cancellationToken: cancellationToken));
            return Convert.FromBase64String(secret.Value);
        }, cancellationToken);
    }

    private Task<Uri?> FindAsync(CancellationToken cancellationToken) => StorageException.GuardAsync(async () =>
    {
        var table = await tables.UsersAsync(cancellationToken);
        var row = await table.GetEntityIfExistsAsync<LookupKeyRow>(LookupKeyRow.Partition, LookupKeyRow.Row, cancellationToken: cancellationToken);
        return row.HasValue ? new Uri(row.Value!.SecretId!) : null;
    }, cancellationToken);

    private async Task<Uri> MakeAsync(CancellationToken cancellationToken)
    {
        var made = await VaultException.GuardAsync(async () =>
        {
            var secret = new KeyVaultSecret(SecretName, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
            return VaultResponse.EnsureComplete(await vaults.For(vaults.First).SetSecretAsync(secret, cancellationToken)).Id;
        }, cancellationToken);
        return await StorageException.GuardAsync(async () =>
        {
            var table = await tables.UsersAsync(cancellationToken);
            try
            {
                await table.AddEntityAsync(new LookupKeyRow { SecretId = made.AbsoluteUri }, cancellationToken);
                return made;
            }
            catch (RequestFailedException exception) when (exception.Status is 409)
            {
                return await FindAsync(cancellationToken) ?? throw new InvalidOperationException("The lookup key's row came and went.");
            }
        }, cancellationToken);
    }
}
