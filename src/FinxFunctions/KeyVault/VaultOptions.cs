namespace FinxFunctions.KeyVault;

/// <summary>Where tokens are stored. Section <c>Vaults</c>.</summary>
public sealed class VaultOptions
{
    public const string Section = "Vaults";

    /// <summary>
    /// The vaults that hold tokens. New connections are spread over all of them, and each stays in its own. So a vault may be added at any
    /// time, and none may be removed while it is in use. The first also holds the data key.
    /// </summary>
    public IList<Uri> Addresses { get; } = [];

    /// <summary>
    /// SHA-256 of the public key (SubjectPublicKeyInfo) of a self-made certificate, in hex: a vault at a loopback address that shows it
    /// is trusted. It is ignored for any other address.
    /// </summary>
    public string? PublicKeyThumbprint { get; set; }
}
