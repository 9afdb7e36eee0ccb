using Microsoft.Extensions.FileProviders;

namespace FinxFunctions.DevHost;

public static class Page
{
    /// <summary>Serves wwwroot: the page at /, on which a bank account is connected in the browser.</summary>
    public static void UsePage(this WebApplication app)
    {
        // The page shows the widget in a frame. The sandbox serves it beside its API, the real finX from another host.
        var widget = Uri.TryCreate(app.Configuration["Finx:BaseAddress"], UriKind.Absolute, out var finx) ? finx.GetLeftPart(UriPartial.Authority) : "";
        var policy = $"default-src 'self'; frame-src 'self' https: {widget}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
        app.UseFileServer(Files(policy));
    }

    private static FileServerOptions Files(string policy) => new()
    {
        FileProvider = new PhysicalFileProvider(Path.Combine(AppContext.BaseDirectory, "wwwroot")),
        StaticFileOptions =
        {
            OnPrepareResponse = file =>
            {
                file.Context.Response.Headers.CacheControl = "no-cache";
                file.Context.Response.Headers.ContentSecurityPolicy = policy;
            },
        },
    };
}
