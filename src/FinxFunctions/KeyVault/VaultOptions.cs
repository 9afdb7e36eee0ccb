namespace FinxFunctions.KeyVault;

/// <summary>Where tokens are kept. Section <c>Vaults</c>.</summary>
public sealed class VaultOptions
{
    public const string Section = "Vaults";

    /// <summary>
    /// The vaults that tokens lie in. New connections are spread over all of them; a connection stays in its own, so a vault may be added
    /// at any time and none may be taken away while it is in use. The first also holds the dataKey key.
    /// </summary>
    public IList<Uri> Addresses { get; } = [];

    /// <summary>
    /// SHA-256 of the public key (SubjectPublicKeyInfo) of a self-made certificate, in hex: a vault at a loopback address that shows it
    /// is trusted. Never heeded for any other address.
    /// </summary>
    public string? PublicKeyThumbprint { get; set; }
}
