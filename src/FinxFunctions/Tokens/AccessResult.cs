using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Tokens;

/// <summary>The result of a request for an access token.</summary>
public abstract record AccessResult
{
    private AccessResult()
    {
    }

    /// <summary>The name in metrics and audit records.</summary>
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

    /// <summary>A token: as asked for or, if finX or a store is unavailable, at least still valid.</summary>
    public sealed record Granted(TokenPair Pair, AccessSource Source) : AccessResult;

    /// <summary>The caller has no such connection.</summary>
    public sealed record UnknownConnection : AccessResult;

    /// <summary>Only the user can bring the connection back.</summary>
    public sealed record NeedsReconsent(string Reason) : AccessResult;

    /// <summary>There is no token now. Try again later.</summary>
    public sealed record TryLater(TryLaterCause Cause, TimeSpan RetryAfter) : AccessResult;
}
