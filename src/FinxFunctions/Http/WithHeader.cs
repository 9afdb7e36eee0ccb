namespace FinxFunctions.Http;

/// <summary>A result with a header of its own.</summary>
public sealed class WithHeader(IResult result, string name, string value) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers[name] = value;
        return result.ExecuteAsync(httpContext);
    }
}
