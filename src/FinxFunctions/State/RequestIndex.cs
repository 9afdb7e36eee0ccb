using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;

namespace FinxFunctions.State;

/// <summary>
/// The requests that Idempotency-Keys stand for. A key is found without knowing its connection, so one key cannot stand for two requests.
/// </summary>
public sealed class RequestIndex(StateTables tables)
{
    /// <summary>The request that a key stands for, also after it has expired; null where there is none.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public Task<IndexedRequest?> FindAsync(string key, CancellationToken cancellationToken) => StorageException.GuardAsync(async () =>
    {
        var table = await tables.UsersAsync(cancellationToken);
        var row = await table.GetEntityIfExistsAsync<RequestRow>(key, RequestRow.Row, cancellationToken: cancellationToken);
        return row.HasValue ? row.Value!.ToRequest() : null;
    }, cancellationToken);

    /// <summary>Adds a request, or replaces the expired one that was read. False where another request was faster.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public Task<bool> TryWriteAsync(IndexedRequest request, CancellationToken cancellationToken) => StorageException.GuardAsync(async () =>
    {
        var table = await tables.UsersAsync(cancellationToken);
        try
        {
            _ = request.ETag == default
                ? await table.AddEntityAsync(RequestRow.Of(request), cancellationToken)
                : await table.UpdateEntityAsync(RequestRow.Of(request), request.ETag, TableUpdateMode.Replace, cancellationToken);
            return true;
        }
        catch (RequestFailedException exception) when (exception.Status is 404 or 409 or 412)
        {
            return false;
        }
    }, cancellationToken);

    /// <summary>Removes a request that has not changed since it was read.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public Task RemoveAsync(IndexedRequest request, CancellationToken cancellationToken) => StorageException.GuardAsync(async () =>
    {
        var table = await tables.UsersAsync(cancellationToken);
        try
        {
            await table.DeleteEntityAsync(request.Key, RequestRow.Row, request.ETag, cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status is 412)
        {
            // The key was used again.
        }

        return true;
    }, cancellationToken);

    /// <summary>All requests behind a key, in the order of their keys.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async IAsyncEnumerable<IndexedRequest> AllAsync(string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var table = await tables.UsersAsync(cancellationToken);
        var filter = TableClient.CreateQueryFilter($"PartitionKey gt {after ?? ""} and RowKey eq {RequestRow.Row}");
        await using var rows = table.QueryAsync<RequestRow>(filter, cancellationToken: cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await StorageException.GuardAsync(() => rows.MoveNextAsync().AsTask(), cancellationToken))
        {
            yield return rows.Current.ToRequest();
        }
    }
}
