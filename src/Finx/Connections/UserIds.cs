using System.Text;
using Finx.Tokens;

namespace Finx.Connections;

/// <summary>Users' ids, which are personal data: sealed at rest, and found by a keyed hash.</summary>
internal sealed class UserIds(LookupKey lookup, Sealer sealer)
{
    /// <summary>What is sealed for a generation is a pair; a user's id goes with none.</summary>
    private const int NoGeneration = 0;

    /// <exception cref="VaultException">Key Vault did not give a key.</exception>
    /// <exception cref="StorageException">Table Storage did not tell which key it is.</exception>
    public Task<string> KeyOfAsync(string owner, string userId, CancellationToken cancellationToken) => lookup.HashAsync(owner, userId, cancellationToken);

    /// <exception cref="VaultException">Key Vault did not give a key.</exception>
    public async Task<Sealed> SealAsync(string connectionId, string userId, CancellationToken cancellationToken) =>
        (await sealer.CurrentAsync(cancellationToken)).Seal(Encoding.UTF8.GetBytes(userId), connectionId, NoGeneration);

    /// <exception cref="VaultException">Key Vault did not give the key.</exception>
    public async Task<string> OpenAsync(Connection connection, CancellationToken cancellationToken) =>
        connection.UserId is { } userId ? Encoding.UTF8.GetString(await sealer.OpenAsync(userId, connection.Id, NoGeneration, cancellationToken)) : "";

    /// <summary>Seals anew what was sealed with a former key, so that the former key can go; null where there is nothing to do.</summary>
    /// <exception cref="VaultException">Key Vault did not give a key.</exception>
    public async Task<Sealed?> RenewAsync(Connection connection, CancellationToken cancellationToken) =>
        connection.UserId is { } userId && userId.KeyId != (await sealer.CurrentAsync(cancellationToken)).Id
            ? await SealAsync(connection.Id, await OpenAsync(connection, cancellationToken), cancellationToken)
            : null;
}
