using FinxFunctions.Authorization;
using FinxFunctions.Http;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Connections;

/// <summary>Lists the connections of one user or of all users, page by page.</summary>
public sealed class ListConnectionsFunction(CallerReader callers, ConnectionService connections)
{
    [Function("ListConnections")]
    public async Task<IResult> Run([HttpTrigger(AuthorizationLevel.Function, "get", Route = "connections")] HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = callers.Require(request, CallerRole.ReadConnections);
        return JsonResults.Plain(await connections.ListAsync(caller, ConnectionQuery.Read(request), cancellationToken), ConnectionsJson.Default.ConnectionList);
    }
}
