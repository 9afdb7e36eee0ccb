using Finx.Callers;
using Finx.Connections;
using Finx.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Functions;

/// <summary>Tells how a connection stands.</summary>
public sealed class GetConnection(CallerReader callers, ConnectionService connections)
{
    [Function(nameof(GetConnection))]
    public async Task<IResult> Run([HttpTrigger(AuthorizationLevel.Function, "get", Route = "connections/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var caller = callers.Require(request, CallerRole.ReadConnections);
        RequestQuery.Allow(request);
        return await connections.FindAsync(caller, id, cancellationToken) is { } connection
            ? Answers.Plain(connection, ContractJson.Default.ConnectionView)
            : Problems.UnknownConnection();
    }
}
