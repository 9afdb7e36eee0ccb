using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Secrets;
using FinxFunctions.Diagnostics;
using FinxFunctions.Primitives;

namespace FinxFunctions.KeyVault;

/// <summary>One client for each configured vault, for the lifetime of the process.</summary>
public partial class VaultClients(TokenCredential credential, FinxMetrics metrics, IOptions<VaultOptions> options, ILogger<VaultClients> logger) : IDisposable
{
    /// <summary>No more vaults than this are logged, whatever rows name.</summary>
    private const int MissingLimit = 100;

    private readonly ConcurrentDictionary<Uri, SecretClient> _clients = new();
    private readonly ConcurrentDictionary<Uri, bool> _missing = new();
    private readonly Lazy<HttpClientTransport> _pinnedTransport = new(() => new HttpClientTransport(PinnedHandler(options.Value.PublicKeyThumbprint!)));

    /// <summary>The vault of a new connection. Connections are spread evenly by their random ids.</summary>
    public Uri VaultFor(string connectionId)
    {
        var addresses = options.Value.Addresses;
        return addresses[(int)(Convert.ToUInt32(connectionId[..8], 16) % (uint)addresses.Count)];
    }

    /// <summary>The vault of secrets that belong to no connection.</summary>
    public Uri First => options.Value.Addresses[0];

    /// <summary>A client for every configured vault.</summary>
    public IEnumerable<SecretClient> All => options.Value.Addresses.Select(For);

    /// <summary>Whether a vault is among the configured ones.</summary>
    public bool Has(Uri vault) => options.Value.Addresses.Any(address => IsSame(address, vault));

    /// <exception cref="VaultException">The vault is not among the configured ones. An operator must add it.</exception>
    public SecretClient For(Uri vault)
    {
        var address = new Uri(vault.GetLeftPart(UriPartial.Authority));
        if (Has(vault))
        {
            return _clients.GetOrAdd(address, Create);
        }

        if (_missing.Count < MissingLimit && _missing.TryAdd(address, true))
        {
            LogMissing(address);
        }

        throw new VaultException(new InvalidOperationException($"{address} is in use, but Vaults__Addresses does not name it."));
    }

    public void Dispose()
    {
        if (_pinnedTransport.IsValueCreated)
        {
            _pinnedTransport.Value.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    protected virtual SecretClient Create(Uri vault)
    {
        var clientOptions = new SecretClientOptions { Diagnostics = { IsLoggingContentEnabled = false } };
        AzureRetry.Apply(clientOptions);
        clientOptions.AddPolicy(new ThrottlingCounter(metrics, "key_vault"), HttpPipelinePosition.PerRetry);
        if (vault.IsLoopback && options.Value.PublicKeyThumbprint is { Length: > 0 })
        {
            clientOptions.Transport = _pinnedTransport.Value;
            clientOptions.DisableChallengeResourceVerification = true;
        }

        return new SecretClient(vault, credential, clientOptions);
    }

    private static bool IsSame(Uri left, Uri right) =>
        Uri.Compare(left, right, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static HttpClientHandler PinnedHandler(string thumbprint) => new()
    {
        ServerCertificateCustomValidationCallback = (request, certificate, _, errors) =>
            errors is SslPolicyErrors.None || (request.RequestUri is { IsLoopback: true } && certificate is not null && IsPinned(certificate, thumbprint)),
    };

    private static bool IsPinned(X509Certificate2 certificate, string thumbprint) =>
        string.Equals(Convert.ToHexString(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo())), thumbprint, StringComparison.OrdinalIgnoreCase);

    [LoggerMessage(91, LogLevel.Error, "Vault {Vault} holds secrets that are in use, but the setting Vaults__Addresses does not name it. Add it.")]
    private partial void LogMissing(Uri vault);
}
