using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Connections;

/// <summary>Deletes the secrets of a connection, those of higher generations than its row says included: the table may have been restored.</summary>
public sealed class SecretRemoval(TokenVault vault)
{
    /// <summary>How many names are looked at behind a missing one. Former secrets are deleted, so a restored row can name one that is gone.</summary>
    private const int LookAhead = 8;

    /// <summary>Deletes all secrets, the newest first. If that is interrupted, the rest is found again.</summary>
    /// <exception cref="VaultException">Key Vault did not answer.</exception>
    public async Task DeleteAsync(Connection connection)
    {
        var names = await NamesAsync(connection);
        for (var index = names.Count - 1; index >= 0; index--)
        {
            await vault.DeleteAsync(connection.Vault, names[index], CancellationToken.None);
        }

        if (connection.RetiredSecret is { } retired)
        {
            await vault.DeleteAsync(connection.Vault, retired, CancellationToken.None);
        }
    }

    private async Task<List<string>> NamesAsync(Connection connection)
    {
        List<string> names = [];
        var most = connection.SecretId is null ? 1 : LookAhead;
        for (int generation = connection.Generation, missing = 0; missing < most; generation += TokenVault.GenerationsPerName)
        {
            var name = TokenVault.NameOf(connection.Id, generation);
            if (await vault.ExistsAsync(connection.Vault, name, CancellationToken.None))
            {
                names.Add(name);
                (most, missing) = (1, 0);
            }
            else
            {
                missing++;
            }
        }

        return names;
    }
}
