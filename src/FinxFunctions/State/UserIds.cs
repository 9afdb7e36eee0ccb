using FinxFunctions.KeyVault;

namespace FinxFunctions.State;

/// <summary>Users' ids, which are personal data: sealed at rest, and found by a keyed hash.</summary>
public sealed class UserIds(LookupKey lookup, DataKeys dataKeys)
{
    /// <exception cref="VaultException">Key Vault did not give a key.</exception>
    /// <exception cref="StorageException">Table Storage did not tell which key it is.</exception>
    public Task<string> KeyOfAsync(string owner, string userId, CancellationToken cancellationToken) => lookup.HashAsync(owner, userId, cancellationToken);

    /// <exception cref="VaultException">Key Vault did not give a key.</exception>
    public async Task<EncryptedValue> EncryptAsync(string connectionId, string userId, CancellationToken cancellationToken) =>
        (await dataKeys.CurrentAsync(cancellationToken)).Encrypt(userId, connectionId);

    /// <exception cref="VaultException">Key Vault did not give the key.</exception>
    public async Task<string> DecryptAsync(Connection connection, CancellationToken cancellationToken) =>
        connection.UserId is { } userId ? await dataKeys.DecryptTextAsync(userId, connection.Id, cancellationToken) : "";

    /// <summary>Seals anew what was sealed with a former key, so that the former key can go; null where there is nothing to do.</summary>
    /// <exception cref="VaultException">Key Vault did not give a key.</exception>
    public async Task<EncryptedValue?> ReencryptAsync(Connection connection, CancellationToken cancellationToken) =>
        connection.UserId is { } userId && userId.KeyId != (await dataKeys.CurrentAsync(cancellationToken)).Id
            ? await EncryptAsync(connection.Id, await DecryptAsync(connection, cancellationToken), cancellationToken)
            : null;
}
