using FinxSandbox;

namespace FinxFunctions.DevHost.Local;

/// <summary>
/// Starts the local services without the app, for an app that runs under Core Tools. They listen at the addresses in local.settings.sample.json.
/// </summary>
public static class ServicesOnly
{
    private static readonly SandboxOptions Sandbox = new()
    {
        FinxPort = 5055,
        VaultPorts = [5056],
        CertificateKeyPhrase = "FinxSandbox",
        IdentityHeader = "sandbox",
    };

    public static async Task<int> RunAsync(string[] args)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
        await using var storage = await Azurite.StartAllAsync(configuration["Azurite:Folder"]);
        await using var sandbox = await SandboxServer.StartAsync(Sandbox);
        Console.WriteLine($"""

              finX             {sandbox.FinxAddress}
              key vault        {sandbox.VaultAddresses[0]}   public key {sandbox.VaultPublicKeyThumbprint}
              storage          {storage.TableAddress}   and its blobs and queues

              For the app: cp local.settings.sample.json local.settings.json && dotnet run --project src/FinxFunctions
              Ctrl+C stops everything.

            """);
        await new HostBuilder().RunConsoleAsync(console => console.SuppressStatusMessages = true);
        return 0;
    }
}
