using System.Globalization;
using System.Runtime.InteropServices;

namespace FinxSandbox;

/// <summary>The sandbox by itself. Not top-level statements: who refers to the sandbox as a library has a Program of its own.</summary>
internal static class Program
{
    private static async Task Main(string[] args)
    {
        // The defaults of a sandbox that people start by hand: the same addresses, and the same pin, each time.
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>
            {
                [nameof(SandboxOptions.FinxPort)] = "5055",
                [nameof(SandboxOptions.VaultPorts)] = "5056",
                [nameof(SandboxOptions.CertificateKeyPhrase)] = "FinxSandbox",
                [nameof(SandboxOptions.IdentityHeader)] = "sandbox",
            })
            .AddEnvironmentVariables("FINXSANDBOX_")
            .AddCommandLine(args)
            .Build();

        var ports = configuration[nameof(SandboxOptions.VaultPorts)]!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var options = configuration.Get<SandboxOptions>()! with
        {
            VaultPorts = [.. ports.Select(port => int.Parse(port, CultureInfo.InvariantCulture))],
        };
        await using var server = await SandboxServer.StartAsync(options);

        Console.WriteLine($"""
            finX        {server.FinxAddress}  (client {server.Options.ClientId}, secret {server.Options.ClientSecret})
            Key Vault   {string.Join(' ', server.VaultAddresses)}  (public key {server.VaultPublicKeyThumbprint})
            Identity    IDENTITY_ENDPOINT={server.IdentityEndpoint} IDENTITY_HEADER={server.IdentityHeader}
            Ctrl+C ends it, and everything in it.
            """);

        var ended = new TaskCompletionSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        await ended.Task;

        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            ended.TrySetResult();
        }
    }
}
