using Finx.Accounts;
using Finx.Callers;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Functions;

/// <summary>One account of a connection, as finX gives it.</summary>
public sealed class GetAccount(CallerReader callers, AccountData data)
{
    [Function(nameof(GetAccount))]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Function, "get", Route = "connections/{id}/accounts/{accountId}")] HttpRequest request, string id, string accountId, CancellationToken cancellationToken) =>
        data.GetAsync(callers.Require(request, CallerRole.ReadConnections), id, ["accounts", accountId], request, cancellationToken);
}
