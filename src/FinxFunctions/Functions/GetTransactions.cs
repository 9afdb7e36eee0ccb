using Finx.Accounts;
using Finx.Callers;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Functions;

/// <summary>The transactions of all accounts of a connection, as finX gives them.</summary>
public sealed class GetTransactions(CallerReader callers, AccountData data)
{
    [Function(nameof(GetTransactions))]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Function, "get", Route = "connections/{id}/transactions")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        data.GetAsync(callers.Require(request, CallerRole.ReadConnections), id, ["transactions"], request, cancellationToken);
}
