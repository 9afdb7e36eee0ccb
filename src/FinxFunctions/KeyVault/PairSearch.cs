using Azure.Security.KeyVault.Secrets;

namespace FinxFunctions.KeyVault;

/// <summary>
/// Finds the newest token pair of a connection. The connection's row may be older than the vault: its table was restored or failed over. And
/// the vault may be older than the row.
/// </summary>
public sealed class PairSearch(SecretReader secrets, KnownPair known)
{
    /// <summary>How many names are looked at. The two after the row's own hold 512 generations.</summary>
    private const int Names = 3;

    /// <summary>The newest pair; null where the vault does not have the row's pair, nor a newer one, even among the deleted secrets.</summary>
    /// <exception cref="VaultException">Key Vault did not answer, or what it has cannot be read.</exception>
    /// <param name="recovers">Whether a deleted secret is recovered.</param>
    public async Task<FoundPair?> RunAsync(bool recovers, CancellationToken cancellationToken) =>
        await FindAsync(cancellationToken) is { } found ? found
        : recovers && known.SecretId is not null && await TryRecoverAsync(cancellationToken) ? await FindAsync(cancellationToken)
        : null;

    private async Task<FoundPair?> FindAsync(CancellationToken cancellationToken)
    {
        var latest = await LatestAsync(cancellationToken);
        var (isNewer, isSame) = latest is null ? (false, false) : (GenerationOf(latest) > known.Generation, GenerationOf(latest) == known.Generation);
        if (isNewer && PairSecret.TryRead(latest!, null, known.ConnectionId, known.Generation + 1) is { } newer)
        {
            return new FoundPair(newer, latest!.Id, IsNewer: true);
        }

        if (isNewer && !PairSecret.IsKey(latest!))
        {
            throw Unreadable(latest!.Id);
        }

        if (known.SecretId is null)
        {
            return null;
        }

        if (await ExactAsync(latest, cancellationToken) is { } exact)
        {
            return new FoundPair(PairSecret.TryRead(exact, known.Overflow, known.ConnectionId, 0) ?? throw Unreadable(known.SecretId), known.SecretId, IsNewer: false);
        }

        // Another version of the same generation holds the same refresh token: a write whose answer was lost is repeated. A lower generation is
        // spent.
        return isSame && PairSecret.TryRead(latest!, known.Overflow, known.ConnectionId, known.Generation) is { } same ? new FoundPair(same, latest!.Id, IsNewer: false) : null;
    }

    /// <summary>The newest version of the newest name.</summary>
    private async Task<KeyVaultSecret?> LatestAsync(CancellationToken cancellationToken)
    {
        KeyVaultSecret? latest = null;
        for (var name = 0; name < Names; name++)
        {
            var found = await secrets.FindAsync(known.Vault, TokenVault.NameOf(known.ConnectionId, known.Generation + (name * TokenVault.GenerationsPerName)), null, cancellationToken);
            latest = found ?? latest;
            if (found is null ? name > 0 : !IsLastOfName(GenerationOf(found)))
            {
                break;
            }
        }

        return latest;
    }

    private Task<KeyVaultSecret?> ExactAsync(KeyVaultSecret? latest, CancellationToken cancellationToken)
    {
        if (latest?.Id == known.SecretId)
        {
            return Task.FromResult(latest);
        }

        var id = Identify(known.SecretId!);
        return secrets.FindAsync(id.VaultUri, id.Name, id.Version, cancellationToken);
    }

    private Task<bool> TryRecoverAsync(CancellationToken cancellationToken)
    {
        var id = Identify(known.SecretId!);
        return secrets.TryRecoverAsync(id.VaultUri, id.Name, cancellationToken);
    }

    private int GenerationOf(KeyVaultSecret secret) => PairSecret.GenerationOf(secret, known.ConnectionId);

    private static bool IsLastOfName(int generation) => generation % TokenVault.GenerationsPerName == TokenVault.GenerationsPerName - 1;

    private static KeyVaultSecretIdentifier Identify(Uri id) =>
        KeyVaultSecretIdentifier.TryCreate(id, out var identifier) ? identifier : throw Unreadable(id);

    private static VaultException Unreadable(Uri id) => new(new InvalidDataException($"Secret version {id.AbsolutePath} holds no token pair."));
}
