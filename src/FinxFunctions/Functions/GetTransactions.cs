using Finx.Accounts;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Functions;

/// <summary>The transactions of all accounts of a connection, as finX gives them.</summary>
public sealed class GetTransactions(AccountData data)
{
    [Function(nameof(GetTransactions))]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Function, "get", Route = "connections/{id}/transactions")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        data.GetAsync(id, ["transactions"], request, cancellationToken);
}
