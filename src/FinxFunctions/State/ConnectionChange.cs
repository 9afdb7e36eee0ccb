using FinxFunctions.KeyVault;

namespace FinxFunctions.State;

/// <summary>
/// Rows of one connection that change in one batch. Each is conditional on the version that was read, and the connection's own row is always
/// among them. So the change is made only if nothing changed since.
/// </summary>
public sealed record ConnectionChange(Connection Connection)
{
    /// <summary>A lease to insert. There must be none, but for <see cref="Replace"/>.</summary>
    public Lease? Acquire { get; init; }

    /// <summary>A suspended lease whose place <see cref="Acquire"/> takes.</summary>
    public Lease? Replace { get; init; }

    /// <summary>A lease to delete.</summary>
    public Lease? Release { get; init; }

    /// <summary>Links to insert or to replace.</summary>
    public IReadOnlyList<Link> Links { get; init; } = [];

    /// <summary>Links to delete.</summary>
    public IReadOnlyList<Link> Delete { get; init; } = [];

    /// <summary>The encrypted pair that goes with <see cref="Connection.HasOverflow"/>. Null where that is false.</summary>
    public byte[]? Overflow { get; init; }

    /// <summary>Whether a row of a former overflow exists and is to be deleted.</summary>
    public bool HadOverflow { get; init; }

    /// <summary>An answer that could not be read, encrypted, to keep with <see cref="Connection.HasUnreadable"/>.</summary>
    public EncryptedValue? Unreadable { get; init; }

    /// <summary>Whether a row with an unreadable answer exists and is to be deleted.</summary>
    public bool HadUnreadable { get; init; }
}
