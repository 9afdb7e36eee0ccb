using FinxFunctions.Authorization;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Accounts;

/// <summary>The transactions of one account, as finX gives them.</summary>
public sealed class GetAccountTransactionsFunction(CallerReader callers, AccountData data)
{
    [Function("GetAccountTransactions")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Function, "get", Route = "connections/{id}/accounts/{accountId}/transactions")] HttpRequest request, string id, string accountId, CancellationToken cancellationToken) =>
        data.GetAsync(callers.Require(request, CallerRole.ReadConnections), id, ["accounts", accountId, "transactions"], request, cancellationToken);
}
