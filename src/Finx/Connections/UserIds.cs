using Finx.Tokens;

namespace Finx.Connections;

/// <summary>Users' ids, which are personal data: sealed at rest, and found by a keyed hash.</summary>
internal sealed class UserIds(LookupKey lookup, Sealer sealer)
{
    /// <exception cref="VaultException">Key Vault did not give a key.</exception>
    /// <exception cref="StorageException">Table Storage did not tell which key it is.</exception>
    public Task<string> KeyOfAsync(string owner, string userId, CancellationToken cancellationToken) => lookup.HashAsync(owner, userId, cancellationToken);

    /// <exception cref="VaultException">Key Vault did not give a key.</exception>
    public async Task<Sealed> SealAsync(string connectionId, string userId, CancellationToken cancellationToken) =>
        (await sealer.CurrentAsync(cancellationToken)).Seal(userId, connectionId);

    /// <exception cref="VaultException">Key Vault did not give the key.</exception>
    public async Task<string> OpenAsync(Connection connection, CancellationToken cancellationToken) =>
        connection.UserId is { } userId ? await sealer.OpenTextAsync(userId, connection.Id, cancellationToken) : "";

    /// <summary>Seals anew what was sealed with a former key, so that the former key can go; null where there is nothing to do.</summary>
    /// <exception cref="VaultException">Key Vault did not give a key.</exception>
    public async Task<Sealed?> RenewAsync(Connection connection, CancellationToken cancellationToken) =>
        connection.UserId is { } userId && userId.KeyId != (await sealer.CurrentAsync(cancellationToken)).Id
            ? await SealAsync(connection.Id, await OpenAsync(connection, cancellationToken), cancellationToken)
            : null;
}
