using Scalar.AspNetCore;

namespace FinxFunctions.DevHost;

public static class ContractPage
{
    /// <summary>Shows the HTTP contract at /scalar, with a form for each call. The page's files come from the package.</summary>
    public static void MapContractPage(this WebApplication app)
    {
        // Made at the first request, so that the start does not wait for it.
        var page = new Lazy<RequestDelegate>(() => new ApplicationBuilder(app.Services).UseRouting().UseEndpoints(MapScalar).Build());
        app.Map("/scalar/{**part}", context =>
        {
            context.SetEndpoint(null);
            return page.Value(context);
        });
    }

    private static void MapScalar(IEndpointRouteBuilder endpoints) => endpoints.MapScalarApiReference("/scalar", (page, context) =>
    {
        page.WithTitle("FinxFunctions: HTTP contract").WithOpenApiRoutePattern("/api/openapi.json").WithFavicon("/icon.svg").WithNonce();
        page.DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp().HideClientButton().HideDeveloperTools();
        context.Response.OnStarting(() =>
        {
            context.Response.Headers.ContentSecurityPolicy = Policy(context.Items[ScalarOptions.NonceHttpContextItemKey]);
            return Task.CompletedTask;
        });
    });

    /// <summary>Scalar has one inline script, which carries the nonce, and inline styles. It may send requests to this host only.</summary>
    private static string Policy(object? nonce) =>
        $"default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; base-uri 'none'; frame-ancestors 'none'";
}
