using FinxFunctions.Http;
using FinxFunctions.State;

namespace FinxFunctions.Tokens;

/// <summary>The refusals of an access token, as problem details.</summary>
public static class AccessProblems
{
    /// <summary>The problem for a result without a token.</summary>
    public static IResult Of(AccessResult result) => result switch
    {
        AccessResult.UnknownConnection => Problems.UnknownConnection(),
        AccessResult.NeedsReconsent { Reason: var reason } => Problems.Problem(
            StatusCodes.Status409Conflict,
            "needs_reconsent",
            "Only the user can bring this connection back. Create a link with its connection_id, and send the user there.",
            reason: reason),
        AccessResult.TryLater { Cause: TryLaterCause.Busy, RetryAfter: var after } => Problems.Busy(after),
        AccessResult.TryLater { Cause: TryLaterCause.FinxRefused, RetryAfter: var after } => Problems.Problem(
            StatusCodes.Status502BadGateway, "finx_refused", "finX refuses this service's client credentials. An operator must act; the connection is not lost.", retryAfter: after),
        AccessResult.TryLater { RetryAfter: var after } => Problems.Problem(StatusCodes.Status503ServiceUnavailable, "finx_unavailable", "finX is not available.", retryAfter: after),
        _ => throw new ArgumentOutOfRangeException(nameof(result)),
    };
}
