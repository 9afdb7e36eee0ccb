using System.Collections.Concurrent;
using Azure.Data.Tables;
using FinxFunctions.KeyVault;

namespace FinxFunctions.State;

/// <summary>The vaults that were ever used. One that is missing from the settings takes its connections with it, so the app is not ready then.</summary>
public sealed class KnownVaults(StateTables tables, VaultClients vaults)
{
    private readonly ConcurrentDictionary<string, bool> _remembered = new();

    /// <summary>The vault of a new connection, which is remembered.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<Uri> ForNewAsync(string connectionId, CancellationToken cancellationToken)
    {
        var vault = vaults.VaultFor(connectionId);
        await RememberAsync(vault, cancellationToken);
        return vault;
    }

    /// <summary>Remembers a vault. Costs one write for each process and vault.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task RememberAsync(Uri vault, CancellationToken cancellationToken)
    {
        var row = KnownVaultRow.Of(vault);
        if (_remembered.ContainsKey(row.RowKey))
        {
            return;
        }

        await StorageException.GuardAsync(async () =>
        {
            var table = await tables.UsersAsync(cancellationToken);
            return await table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
        }, cancellationToken);
        _remembered[row.RowKey] = true;
    }

    /// <summary>The remembered vaults that the settings do not name. To forget a vault that is really gone, an operator deletes its row.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public Task<IReadOnlyList<Uri>> MissingAsync(CancellationToken cancellationToken) => StorageException.GuardAsync(async () =>
    {
        var table = await tables.UsersAsync(cancellationToken);
        List<Uri> missing = [];
        await foreach (var row in table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {KnownVaultRow.Partition}"), cancellationToken: cancellationToken))
        {
            if (new RowReader(row).Address("Address") is { } vault && !vaults.Has(vault))
            {
                missing.Add(vault);
            }
        }

        return (IReadOnlyList<Uri>)missing;
    }, cancellationToken);
}
