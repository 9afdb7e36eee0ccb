using Finx.Connections;
using Finx.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Functions;

/// <summary>Lists connections, a user's or all, page by page.</summary>
public sealed class ListConnections(ConnectionService connections)
{
    [Function(nameof(ListConnections))]
    public async Task<IResult> Run([HttpTrigger(AuthorizationLevel.Function, "get", Route = "connections")] HttpRequest request, CancellationToken cancellationToken)
    {
        var page = await connections.ListAsync(ConnectionQuery.Read(request), cancellationToken);
        var list = new ConnectionList([.. page.Connections.Select(ConnectionView.Of)], page.Next);
        return Answers.Plain(list, ContractJson.Default.ConnectionList);
    }
}
