using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace FinxFunctions.StandIns;

/// <summary>The part of <see cref="TableClient"/> that the app uses, over a table in memory. Other members throw, as those of the base class do.</summary>
public sealed class StandInTableClient(TableStore table, Network network) : TableClient
{
    private const int PageSize = 1000;

    public override string Name => table.Name;

    public override Task<Response<TableItem>> CreateIfNotExistsAsync(CancellationToken cancellationToken = default) => network.CallAsync(Call("create", ""), () =>
    {
        table.IsCreated = true;
        return Response.FromValue(new TableItem(table.Name), new StandInResponse(204));
    });

    public override Task<Response> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default) =>
        WriteAsync("add", new TableTransactionAction(TableTransactionActionType.Add, entity));

    public override Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(string partitionKey, string rowKey, IEnumerable<string>? select = null, CancellationToken cancellationToken = default) =>
        network.CallAsync<NullableResponse<T>>(Call("get", ""), () =>
            table.Query(RowFilter.Parse(TableClient.CreateQueryFilter($"PartitionKey eq {partitionKey} and RowKey eq {rowKey}")), null, 1) is [var row]
                ? Response.FromValue(RowValues.To<T>(row), new StandInResponse(200))
                : new NoEntity<T>());

    public override Task<Response> UpsertEntityAsync<T>(T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default) =>
        WriteAsync("upsert", new TableTransactionAction(Replacing(mode, TableTransactionActionType.UpsertReplace), entity));

    public override Task<Response> UpdateEntityAsync<T>(T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default) =>
        WriteAsync("update", new TableTransactionAction(Replacing(mode, TableTransactionActionType.UpdateReplace), entity, ifMatch));

    public override async Task<Response> DeleteEntityAsync(string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        try
        {
            return await WriteAsync("delete", new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(partitionKey, rowKey), ifMatch));
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == "ResourceNotFound")
        {
            // A missing row is no error for the real client either.
            return new StandInResponse(404);
        }
    }

    public override Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default)
    {
        var actions = transactionActions.ToList();
        return actions.Count == 0
            ? Task.FromException<Response<IReadOnlyList<Response>>>(new InvalidOperationException("Transaction is empty."))
            : network.CallAsync(Call("submit", ConnectionOf(actions[0].Entity)), () => Response.FromValue<IReadOnlyList<Response>>([.. Submit(actions)], new StandInResponse(202)));
    }

    public override AsyncPageable<T> QueryAsync<T>(string? filter = null, int? maxPerPage = null, IEnumerable<string>? select = null, CancellationToken cancellationToken = default) =>
        maxPerPage is null && select is null
            ? new RowPages<T>(PageAsync<T>, RowFilter.Parse(filter), cancellationToken)
            : throw new NotSupportedException("The stand-in knows whole rows and full pages only.");

    private Task<(IReadOnlyList<T> Rows, Row? Last)> PageAsync<T>(RowFilter filter, Row? after)
        where T : ITableEntity
    {
        var call = Call("query", table.Name == "connections" && filter.Terms is [("PartitionKey", "eq", var id)] ? id : "");
        return network.CallAsync<(IReadOnlyList<T>, Row?)>(call, () =>
        {
            var rows = table.Query(filter, after, PageSize);
            return ([.. rows.Select(RowValues.To<T>)], rows.Count == PageSize ? rows[^1] : null);
        });
    }

    private Task<Response> WriteAsync(string operation, TableTransactionAction action) =>
        network.CallAsync<Response>(Call(operation, ConnectionOf(action.Entity)), () => new StandInResponse(204, table.Submit([action])[0]));

    private IEnumerable<Response> Submit(IReadOnlyList<TableTransactionAction> actions)
    {
        IReadOnlyList<string?> etags;
        try
        {
            etags = table.Submit(actions);
        }
        catch (RequestFailedException exception)
        {
            throw new TableTransactionFailedException(exception);
        }

        return etags.Select(etag => new StandInResponse(204, etag));
    }

    private ServiceCall Call(string operation, string connectionId) => new(Service.Tables, $"{table.Name}.{operation}", connectionId);

    /// <summary>The row key of a due entry ends with the connection's id, a user's is one.</summary>
    private string ConnectionOf(ITableEntity entity) => table.Name == "connections" ? entity.PartitionKey : entity.RowKey[Math.Max(0, entity.RowKey.Length - 32)..];

    private static TableTransactionActionType Replacing(TableUpdateMode mode, TableTransactionActionType type) =>
        mode is TableUpdateMode.Replace ? type : throw new NotSupportedException("The stand-in does not merge.");
}
