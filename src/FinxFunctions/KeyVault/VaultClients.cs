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
public class VaultClients(TokenCredential credential, FinxMetrics metrics, IOptions<VaultOptions> options) : IDisposable
{
    private readonly ConcurrentDictionary<Uri, SecretClient> _clients = new();
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

    /// <exception cref="InvalidOperationException">The vault is not among the configured ones.</exception>
    public SecretClient For(Uri vault) => options.Value.Addresses.Any(address => IsSame(address, vault))
        ? _clients.GetOrAdd(new Uri(vault.GetLeftPart(UriPartial.Authority)), Create)
        : throw new InvalidOperationException($"A connection's tokens are in {vault}, which Vaults__Addresses does not name any more.");

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
}
