using Finx.Callers;
using Finx.Connections;
using Finx.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Functions;

/// <summary>Lists connections, a user's or all, page by page.</summary>
public sealed class ListConnections(CallerReader callers, ConnectionService connections)
{
    [Function(nameof(ListConnections))]
    public async Task<IResult> Run([HttpTrigger(AuthorizationLevel.Function, "get", Route = "connections")] HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = callers.Require(request, CallerRole.ReadConnections);
        return Answers.Plain(await connections.ListAsync(caller, ConnectionQuery.Read(request), cancellationToken), ContractJson.Default.ConnectionList);
    }
}
