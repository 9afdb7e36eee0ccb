using FinxFunctions.Authorization;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Accounts;

/// <summary>The transactions of all accounts of a connection, as finX gives them.</summary>
public sealed class GetTransactionsFunction(CallerReader callers, AccountData data)
{
    [Function("GetTransactions")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Function, "get", Route = "connections/{id}/transactions")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        data.GetAsync(callers.Require(request, CallerRole.ReadConnections), id, ["transactions"], request, cancellationToken);
}
