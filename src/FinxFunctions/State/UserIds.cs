using FinxFunctions.KeyVault;

namespace FinxFunctions.State;

/// <summary>Users' ids, which are personal data: encrypted at rest, and found by a keyed hash.</summary>
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

    /// <summary>Encrypts a user's id again if it was encrypted with a former data key, so that the former key can be disabled. Null where it is current.</summary>
    /// <exception cref="VaultException">Key Vault did not give a key.</exception>
    public async Task<EncryptedValue?> ReencryptAsync(Connection connection, CancellationToken cancellationToken) =>
        connection.UserId is { } userId && userId.KeyId != (await dataKeys.CurrentAsync(cancellationToken)).Id
            ? await EncryptAsync(connection.Id, await DecryptAsync(connection, cancellationToken), cancellationToken)
            : null;
}
