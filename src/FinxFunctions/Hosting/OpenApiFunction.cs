using FinxFunctions.Http;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Hosting;

/// <summary>Returns the HTTP contract as an OpenAPI document. It needs no key, because it holds nothing secret.</summary>
public static class OpenApiFunction
{
    [Function("OpenApi")]
    public static IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "openapi.json")] HttpRequest request)
    {
        RequestQuery.Allow(request);
        return OpenApiDocument.Answer();
    }
}
