using Finx.Callers;
using Finx.Connections;
using Finx.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Functions;

/// <summary>Deletes a connection: at finX, in the vault, in the tables. Repeatable.</summary>
public sealed class DeleteConnection(CallerReader callers, ConnectionService connections)
{
    [Function(nameof(DeleteConnection))]
    public async Task<IResult> Run([HttpTrigger(AuthorizationLevel.Function, "delete", Route = "connections/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var caller = callers.Require(request, CallerRole.DeleteConnections);
        RequestQuery.Allow(request);
        return await connections.RemoveAsync(caller, id, cancellationToken) switch
        {
            RemovalOutcome.Removed => TypedResults.NoContent(),
            RemovalOutcome.Busy => Problems.Busy(),
            _ => Problems.UnknownConnection(),
        };
    }
}
