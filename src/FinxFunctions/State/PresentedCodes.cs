using FinxFunctions.Primitives;

namespace FinxFunctions.State;

/// <summary>
/// The codes that were presented for a link, by their hashes. By them a reload with the same code is told from a return with another one.
/// </summary>
public static class PresentedCodes
{
    /// <summary>How many count. A link has more than one only where its user returned with several.</summary>
    private const int Most = 8;

    private const char Separator = ' ';

    /// <summary>Whether a code was presented for a link, or is about to be.</summary>
    public static bool Has(Link link, Secret code) => Of(link).Contains(code.Hash());

    /// <summary>The link with one more code. Beyond eight the oldest is forgotten.</summary>
    public static Link Add(Link link, Secret code) =>
        link with { CodeHash = string.Join(Separator, Of(link).Where(hash => hash != code.Hash()).TakeLast(Most - 1).Append(code.Hash())) };

    /// <summary>Whether a lease's code is the last one of its link. Links of an older version have no hash.</summary>
    public static bool IsLast(Link link, Lease lease) => link.CodeHash is null || Of(link)[^1] == lease.TokenHash;

    private static string[] Of(Link link) => link.CodeHash?.Split(Separator) ?? [];
}
