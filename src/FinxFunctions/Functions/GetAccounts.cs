using Finx.Accounts;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Functions;

/// <summary>The accounts of a connection, as finX gives them.</summary>
public sealed class GetAccounts(AccountData data)
{
    [Function(nameof(GetAccounts))]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Function, "get", Route = "connections/{id}/accounts")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        data.GetAsync(id, ["accounts"], request, cancellationToken);
}
