using FinxFunctions.Http;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Hosting;

/// <summary>The HTTP contract as a document. It holds nothing that this repository does not show.</summary>
public static class OpenApiFunction
{
    [Function("OpenApi")]
    public static IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "openapi.json")] HttpRequest request)
    {
        RequestQuery.Allow(request);
        return OpenApiDocument.Answer();
    }
}
