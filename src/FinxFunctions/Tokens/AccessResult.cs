using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Tokens;

/// <summary>The answer to a request for an access token.</summary>
public abstract record AccessResult
{
    private AccessResult()
    {
    }

    /// <summary>In a word, for what is counted and recorded.</summary>
    public string Name => this switch
    {
        Granted { Source: AccessSource.Warm } => "warm",
        Granted { Source: AccessSource.Cold } => "cold",
        Granted { Source: AccessSource.Refreshed } => "refreshed",
        Granted => "stale",
        TryLater { Cause: TryLaterCause.Busy } => "busy",
        TryLater => "finx_unavailable",
        NeedsReconsent => "needs_reconsent",
        _ => "unknown_connection",
    };

    /// <summary>Here it is: as asked for or, where finX or a store is in trouble, still valid.</summary>
    public sealed record Granted(TokenPair Pair, AccessSource Source) : AccessResult;

    /// <summary>There is no such connection.</summary>
    public sealed record UnknownConnection : AccessResult;

    /// <summary>Only the user can bring the connection back.</summary>
    public sealed record NeedsReconsent(string Reason) : AccessResult;

    /// <summary>Come again.</summary>
    public sealed record TryLater(TryLaterCause Cause, TimeSpan RetryAfter) : AccessResult;
}
