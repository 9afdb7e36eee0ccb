namespace FinxFunctions.Accounts;

/// <summary>finX's answer, streamed: its body, its type, and of its headers those that are about the data and not about the connection.</summary>
public sealed class ForwardedResponse(HttpResponseMessage answer) : IResult
{
    private static readonly string[] Kept = ["Content-Type", "Content-Language", "Content-Disposition", "ETag", "Last-Modified", "Link"];

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using (answer)
        {
            var response = httpContext.Response;
            response.StatusCode = (int)answer.StatusCode;
            response.Headers.CacheControl = "no-store";
            foreach (var name in Kept)
            {
                if (answer.Headers.TryGetValues(name, out var values) || answer.Content.Headers.TryGetValues(name, out values))
                {
                    response.Headers[name] = values.ToArray();
                }
            }

            await answer.Content.CopyToAsync(response.Body, httpContext.RequestAborted);
        }
    }
}
