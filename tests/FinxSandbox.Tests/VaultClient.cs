using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Secrets;

namespace FinxSandbox.Tests;

/// <summary>The unmodified SecretClient, trusting the sandbox's pin.</summary>
internal static class VaultClient
{
    public static SecretClient For(SandboxServer server, int vault = 0, TokenCredential? credential = null, int retries = 0)
    {
        var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, certificate, _, _) => certificate is not null
                && Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo())) == server.VaultPublicKeyThumbprint,
        };
        var options = new SecretClientOptions
        {
            Transport = new HttpClientTransport(handler),
            DisableChallengeResourceVerification = true,
            Retry = { MaxRetries = retries, Delay = TimeSpan.FromMilliseconds(10), MaxDelay = TimeSpan.FromMilliseconds(50) },
        };
        return new SecretClient(server.VaultAddresses[vault], credential ?? server.Credential, options);
    }
}
