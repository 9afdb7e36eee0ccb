using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace FinxSandbox.Vault;

/// <summary>The self-signed certificate of the vaults, for localhost, made at start.</summary>
internal static class VaultCertificate
{
    /// <param name="keyPhrase">Derives the private key; null makes a random one.</param>
    public static X509Certificate2 Create(string? keyPhrase)
    {
        var parameters = new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            D = keyPhrase is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(keyPhrase)),
        };
        using var key = keyPhrase is null ? ECDsa.Create(parameters.Curve) : ECDsa.Create(parameters);

        var request = new CertificateRequest("CN=localhost, O=FinxSandbox", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1", "serverAuth")], critical: false));

        var now = TimeProvider.System.GetUtcNow();
        var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(1));
        if (!OperatingSystem.IsWindows())
            return certificate;

        // Windows does not serve TLS with a key that only lives in memory.
        using (certificate)
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), password: null);
    }

    /// <summary>SHA-256 of the SubjectPublicKeyInfo in upper-case hex.</summary>
    public static string Pin(X509Certificate2 certificate) =>
        Convert.ToHexString(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));
}
