using Finx.Contract;
using Finx.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Functions;

/// <summary>The HTTP contract as a document. It holds nothing that this repository does not show.</summary>
public sealed class OpenApi
{
    [Function(nameof(OpenApi))]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "openapi.json")] HttpRequest request)
    {
        RequestQuery.Allow(request);
        return OpenApiDocument.Answer();
    }
}
