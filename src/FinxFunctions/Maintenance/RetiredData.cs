using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Maintenance;

/// <summary>Removes data that a connection no longer needs: the secret of the previous generation, a user id encrypted with a former data key, old links.</summary>
public sealed class RetiredData(TokenVault vault, UserIds userIds, TimeProvider time)
{
    private const int LinksAtOnce = 90;

    /// <summary>Links of a connected connection that are of no use any more, as many as go into one batch.</summary>
    public IReadOnlyList<Link> LinksOf(ConnectionSnapshot snapshot) => snapshot.Connection.Status is ConnectionStatus.Active or ConnectionStatus.NeedsReconsent
        ? [.. snapshot.Links.Where(link => Link.AbandonedAt(link.ExpiresAt) <= time.GetUtcNow()).Take(LinksAtOnce)]
        : [];

    /// <summary>Deletes the retired secret and encrypts the user id with the current data key. The caller writes the row that is returned.</summary>
    /// <returns>The same connection if there is nothing to do.</returns>
    /// <exception cref="VaultException">Key Vault did not answer.</exception>
    public async Task<Connection> RemoveAsync(Connection connection)
    {
        if (connection.RetiredSecret is { } secret)
        {
            await vault.DeleteAsync(connection.Vault, secret, CancellationToken.None);
            connection = connection with { RetiredSecret = null };
        }

        return await userIds.ReencryptAsync(connection, CancellationToken.None) is { } userId ? connection with { UserId = userId } : connection;
    }
}
