using Azure.Core;
using FinxFunctions.Tests.Contract;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FinxFunctions.Tests.Running;

/// <summary>DevHost in process, with its real pipeline. Settings are handed in as on its command line, so that they are there from the start.</summary>
internal sealed class AppHost(World world, IReadOnlyDictionary<string, string?> settings, StorageGate? gate, bool onWire) : WebApplicationFactory<Program>
{
    private readonly Recorder _contract = new();

    /// <summary>Asserts that all requests and answers so far are in the contract.</summary>
    public void AssertDocumented() => _contract.AssertDocumented();

    /// <summary>Starts the app and opens a client that follows no redirect.</summary>
    public HttpClient OpenClient()
    {
        if (!onWire)
        {
            return CreateClient(new() { AllowAutoRedirect = false, HandleCookies = false });
        }

        // With a port, the factory would set the address while the app may have begun to listen.
        UseKestrel();
        StartServer();
        return new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = ClientOptions.BaseAddress };
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        foreach (var (name, value) in settings)
        {
            builder.UseSetting(name, value);
        }

        builder.UseSetting(WebHostDefaults.ServerUrlsKey, "http://127.0.0.1:0");
        builder.ConfigureLogging(logging => logging.ClearProviders().AddFakeLogging());
        builder.ConfigureServices(services =>
        {
            services.AddSingleton<TimeProvider>(world.Sandbox.Clock);
            services.AddSingleton<TokenCredential>(world.Sandbox.Credential);
            services.AddSingleton<IStartupFilter>(_contract);
            gate?.Guard(services, world);
        });
    }
}
