using System.Security.Cryptography.X509Certificates;
using Azure.Core;
using FinxSandbox.Calls;
using FinxSandbox.Control;
using FinxSandbox.Faults;
using FinxSandbox.Finx;
using FinxSandbox.Finx.Tokens;
using FinxSandbox.Finx.Widget;
using FinxSandbox.Identity;
using FinxSandbox.Vault;

namespace FinxSandbox;

/// <summary>
/// finX, Key Vaults and a managed identity in miniature, all in memory, on loopback only.
/// Many can run in one process.
/// </summary>
public sealed class SandboxServer : IAsyncDisposable
{
    private readonly LiveOptions _options;
    private readonly FinxApi _finx;
    private readonly X509Certificate2 _certificate;
    private readonly IReadOnlyList<VaultApi> _vaults;
    private readonly IdentityApi _identity;
    private readonly ControlApi _control;
    private readonly SandboxWeb _web;
    private readonly Exchange _exchange;

    private SandboxServer(SandboxOptions options)
    {
        _options = new LiveOptions(options);
        Clock = new SandboxClock(options.Time);
        Faults = new FaultRules(Clock);
        Journal = new Journal(options.JournalCapacity);
        IdentityHeader = options.IdentityHeader ?? Guid.NewGuid().ToString("N").ToUpperInvariant();
        _finx = new FinxApi(_options, Clock);
        _vaults = [.. options.VaultPorts.Select(_ => new VaultApi(_options, Clock))];
        _identity = new IdentityApi(IdentityHeader);
        _control = new ControlApi(this);

        _certificate = VaultCertificate.Create(options.CertificateKeyPhrase);
        VaultPublicKeyThumbprint = VaultCertificate.Pin(_certificate);
        _web = new SandboxWeb(options, _certificate, AnswerAsync);
        _exchange = new Exchange(Journal, Faults, Clock, _finx.Clock, _web.Stopping);
    }

    /// <summary>finX, its widget, the managed identity and the control API: <c>http://127.0.0.1:port/</c>.</summary>
    public Uri FinxAddress { get; private set; } = null!;

    /// <summary>
    /// The vaults: <c>https://127.0.0.1:port/</c>. A client must trust <see cref="VaultPublicKeyThumbprint"/>, and must set
    /// <c>SecretClientOptions.DisableChallengeResourceVerification</c>, as 127.0.0.1 is no part of vault.azure.net.
    /// </summary>
    public IReadOnlyList<Uri> VaultAddresses { get; private set; } = [];

    /// <summary>SHA-256 of the SubjectPublicKeyInfo of the vaults' certificate in upper-case hex.</summary>
    public string VaultPublicKeyThumbprint { get; }

    /// <summary>For IDENTITY_ENDPOINT.</summary>
    public Uri IdentityEndpoint => new(FinxAddress, "identity/token");

    /// <summary>For IDENTITY_HEADER.</summary>
    public string IdentityHeader { get; }

    /// <summary>A credential for the vaults, without the managed identity's HTTP call.</summary>
    public TokenCredential Credential { get; } = new SandboxCredential();

    public SandboxClock Clock { get; }

    public FaultRules Faults { get; }

    public Journal Journal { get; }

    /// <summary>The current options. Changes of those fixed at the start, such as ports, have no effect.</summary>
    public SandboxOptions Options
    {
        get => _options.Current;
        set => _options.Current = value;
    }

    /// <exception cref="IOException">A port is taken.</exception>
    public static async Task<SandboxServer> StartAsync(SandboxOptions options, CancellationToken cancellationToken = default)
    {
        var server = new SandboxServer(options);
        try
        {
            await server._web.StartAsync(cancellationToken);
            var ports = server._web.Ports;
            server.FinxAddress = new Uri($"http://127.0.0.1:{ports[0]}/");
            server.VaultAddresses = [.. ports.Skip(1).Select(port => new Uri($"https://127.0.0.1:{port}/"))];
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>All connections that have tokens, as finX sees them.</summary>
    public IReadOnlyList<ConnectionState> Connections() => _finx.Tokens.Connections();

    /// <summary>A vault loses a secret, as if someone had deleted it; unlike a deletion over its API it takes no time.</summary>
    /// <param name="purge">Whether it cannot be recovered.</param>
    /// <returns>Whether there was one.</returns>
    public bool LoseSecret(int vault, string name, bool purge = false) => _vaults[vault].Lose(name, purge);

    /// <summary>Puts a vault back to a moment by the sandbox clock, as a fail-over to a late copy does: it loses the versions that came later, and its deletions. What was purged stays away.</summary>
    public void RestoreVault(int vault, DateTimeOffset moment) => _vaults[vault].Restore(moment);

    /// <summary>Finishes the widget without its pages.</summary>
    /// <param name="flowId">The id that came with the link.</param>
    /// <returns>Where the user is sent, with the code if all went well; null where the link is unknown, used or expired.</returns>
    public Uri? Finish(string flowId, WidgetOutcome outcome = WidgetOutcome.Success) =>
        _finx.Links.FindByFlow(flowId) is { } link && _finx.Widget.Finish(link, outcome) is { } location ? new Uri(location) : null;

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        _certificate.Dispose();
    }

    private Task AnswerAsync(HttpContext context, int? vault) => vault is { } index
        ? _exchange.RunAsync(context, "vault", index, _vaults[index].Route)
        : _exchange.RunAsync(context, "finx", null, call => _control.Route(call) ?? _identity.Route(call) ?? _finx.Route(call));
}
