using Finx.Accounts;
using Finx.Callers;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Functions;

/// <summary>The accounts of a connection, as finX gives them.</summary>
public sealed class GetAccounts(CallerReader callers, AccountData data)
{
    [Function(nameof(GetAccounts))]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Function, "get", Route = "connections/{id}/accounts")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        data.GetAsync(callers.Require(request, CallerRole.ReadConnections), id, ["accounts"], request, cancellationToken);
}
