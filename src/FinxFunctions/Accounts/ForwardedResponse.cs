namespace FinxFunctions.Accounts;

/// <summary>finX's answer, streamed: its status, its body, and the headers that describe the body.</summary>
public sealed class ForwardedResponse(HttpResponseMessage answer) : IResult
{
    private static readonly string[] Forwarded = ["Content-Type", "Content-Language", "Content-Disposition", "ETag", "Last-Modified", "Link"];

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using (answer)
        {
            var response = httpContext.Response;
            response.StatusCode = (int)answer.StatusCode;
            response.Headers.CacheControl = "no-store";
            foreach (var name in Forwarded)
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
