using FinxFunctions.Authorization;
using FinxFunctions.Http;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Connections;

/// <summary>Returns the state of a connection.</summary>
public sealed class GetConnectionFunction(CallerReader callers, ConnectionService connections)
{
    [Function("GetConnection")]
    public async Task<IResult> Run([HttpTrigger(AuthorizationLevel.Function, "get", Route = "connections/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var caller = callers.Admit(request, CallerRole.ReadConnections);
        return await connections.FindAsync(caller, id, cancellationToken) is { } connection
            ? JsonResults.Plain(connection, ConnectionsJson.Default.ConnectionView)
            : Problems.UnknownConnection();
    }
}
