using FinxFunctions.Authorization;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Accounts;

/// <summary>The accounts of a connection, as finX gives them.</summary>
public sealed class GetAccountsFunction(CallerReader callers, AccountData data)
{
    [Function("GetAccounts")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Function, "get", Route = "connections/{id}/accounts")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        data.GetAsync(callers.Require(request, CallerRole.ReadConnections), id, ["accounts"], request, cancellationToken);
}
