namespace FinxSandbox;

/// <summary>A connection to one of the sandbox's ports. HTTP/1 has one call at a time on it.</summary>
/// <param name="vault">The vault whose port it is; null for finX's.</param>
internal sealed class Door(int? vault)
{
    public int? Vault { get; } = vault;

    /// <summary>The calls on this connection, the present one included.</summary>
    public int CallsSoFar { get; set; }
}
