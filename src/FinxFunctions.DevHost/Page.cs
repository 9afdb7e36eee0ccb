using Microsoft.Extensions.FileProviders;

namespace FinxFunctions.DevHost;

internal static class Page
{
    /// <summary>Serves wwwroot: the page at / by which to connect a bank account in the browser.</summary>
    public static void UsePage(this WebApplication app) => app.UseFileServer(new FileServerOptions
    {
        FileProvider = new PhysicalFileProvider(Path.Combine(AppContext.BaseDirectory, "wwwroot")),
        StaticFileOptions =
        {
            OnPrepareResponse = file =>
            {
                file.Context.Response.Headers.CacheControl = "no-cache";
                file.Context.Response.Headers.ContentSecurityPolicy = "default-src 'self'";
            },
        },
    });
}
