using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace FinxFunctions.Benchmarks.Hosts;

/// <summary>The least that ASP.NET Core does from start to first answer. Written out as a project of its own, too, to be published.</summary>
internal static class EmptyApp
{
    public const string Argument = "--empty-app";

    public static async Task<int> RunAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapGet("/", () => "");
        await app.RunAsync();
        return 0;
    }
}
