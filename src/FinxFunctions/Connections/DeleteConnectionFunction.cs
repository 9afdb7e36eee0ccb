using FinxFunctions.Authorization;
using FinxFunctions.Http;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Connections;

/// <summary>Deletes a connection at finX, in Key Vault and in Table Storage. Repeatable.</summary>
public sealed class DeleteConnectionFunction(CallerReader callers, ConnectionService connections)
{
    [Function("DeleteConnection")]
    public async Task<IResult> Run([HttpTrigger(AuthorizationLevel.Function, "delete", Route = "connections/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var caller = callers.Admit(request, CallerRole.DeleteConnections);
        return await connections.DeleteAsync(caller, id, cancellationToken) switch
        {
            DeletionOutcome.Deleted => TypedResults.NoContent(),
            DeletionOutcome.Busy => Problems.Busy(),
            _ => Problems.UnknownConnection(),
        };
    }
}
