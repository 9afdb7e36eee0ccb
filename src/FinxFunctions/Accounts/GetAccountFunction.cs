using FinxFunctions.Authorization;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Accounts;

/// <summary>One account of a connection, as finX gives it.</summary>
public sealed class GetAccountFunction(CallerReader callers, AccountData data)
{
    [Function("GetAccount")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Function, "get", Route = "connections/{id}/accounts/{accountId}")] HttpRequest request, string id, string accountId, CancellationToken cancellationToken) =>
        data.GetAsync(callers.Require(request, CallerRole.ReadConnections), id, ["accounts", accountId], request, cancellationToken);
}
