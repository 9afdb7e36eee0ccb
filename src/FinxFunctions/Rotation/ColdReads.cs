namespace FinxFunctions.Rotation;

/// <summary>Where an access token is read from that is not in memory.</summary>
public enum ColdReads
{
    /// <summary>From Key Vault. Tokens are stored nowhere else.</summary>
    Vault,

    /// <summary>
    /// From the connection's row, where the access token is kept encrypted besides. A read then costs one call to Table Storage and none to
    /// Key Vault, and works while Key Vault is down.
    /// </summary>
    Row,
}
