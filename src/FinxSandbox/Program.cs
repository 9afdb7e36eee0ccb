using System.Runtime.InteropServices;

namespace FinxSandbox;

/// <summary>The sandbox as a program. Not top-level statements: projects that reference the sandbox have a Program of their own.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        // The defaults of a sandbox that is started by hand: the same addresses and the same thumbprint each time.
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>
            {
                [nameof(SandboxOptions.FinxPort)] = "5055",
                [$"{nameof(SandboxOptions.VaultPorts)}:0"] = "5056",
                [nameof(SandboxOptions.CertificateKeyPhrase)] = "FinxSandbox",
                [nameof(SandboxOptions.IdentityHeader)] = "sandbox",
            })
            .AddEnvironmentVariables("FINXSANDBOX_")
            .AddCommandLine(args)
            .Build();

        // Binding appends to an existing array. The ports are those of the configuration only.
        var options = configuration.Get<SandboxOptions>(binder => binder.ErrorOnUnknownConfiguration = true)! with
        {
            VaultPorts = configuration.GetRequiredSection(nameof(SandboxOptions.VaultPorts)).Get<int[]>()!,
        };
        try
        {
            await using var server = await SandboxServer.StartAsync(options);
            Console.WriteLine($"""
                finX        {server.FinxAddress}  (client {server.Options.ClientId}, secret {server.Options.ClientSecret})
                Key Vault   {string.Join(' ', server.VaultAddresses)}  (public key {server.VaultPublicKeyThumbprint})
                Identity    IDENTITY_ENDPOINT={server.IdentityEndpoint} IDENTITY_HEADER={server.IdentityHeader}
                Ctrl+C ends it, and everything in it.
                """);
            await EndAsync();
            return 0;
        }
        catch (IOException taken)
        {
            await Console.Error.WriteLineAsync($"{taken.Message} --FinxPort and --VaultPorts:0 name others; 0 takes a free one.");
            return 1;
        }
    }

    private static async Task EndAsync()
    {
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
