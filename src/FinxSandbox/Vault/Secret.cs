namespace FinxSandbox.Vault;

/// <summary>A secret with all its versions, alive or deleted. Guarded by the lock of <see cref="SecretStore"/>.</summary>
internal sealed class Secret(string name)
{
    /// <summary>The name as it was first written; names are equal in any case.</summary>
    public string Name { get; } = name;

    /// <summary>Oldest first.</summary>
    public List<SecretVersion> Versions { get; } = [];

    public SecretVersion Newest => Versions[^1];

    public DateTimeOffset? DeletedAt { get; set; }

    public Found Show(SecretVersion version) => new(Name, version, DeletedAt);
}
