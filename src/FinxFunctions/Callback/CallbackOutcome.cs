using FinxFunctions.Links;
using FinxFunctions.State;
using Microsoft.AspNetCore.WebUtilities;

namespace FinxFunctions.Callback;

/// <summary>The answer to a user who returned from the widget.</summary>
public abstract record CallbackOutcome
{
    private CallbackOutcome()
    {
    }

    /// <summary>The flow is over: the user goes back to the caller with the outcome.</summary>
    /// <param name="Location">The return address with the outcome in its query.</param>
    /// <param name="Outcome">The parameters of the outcome, for a page that posts them.</param>
    /// <param name="Mode">How the widget was opened.</param>
    /// <param name="Origin">The only origin that the outcome may be posted to.</param>
    public sealed record Finished(Uri Location, IReadOnlyDictionary<string, string> Outcome, LinkMode Mode, string? Origin) : CallbackOutcome
    {
        public static Finished Of(string connectionId, Link link)
        {
            var parameters = new Dictionary<string, string?>
            {
                [ReturnParameters.ConnectionId] = connectionId,
                [ReturnParameters.State] = link.CallerState,
                [ReturnParameters.Status] = link.Status switch
                {
                    LinkStatus.Connected => "connected",
                    LinkStatus.Cancelled => "cancelled",
                    LinkStatus.Held => "confirm",
                    _ => "failed",
                },
                [ReturnParameters.Error] = link.Error,
            };
            var outcome = parameters.Where(parameter => parameter.Value is not null).ToDictionary(parameter => parameter.Key, parameter => parameter.Value!);
            return new Finished(new Uri(QueryHelpers.AddQueryString(link.ReturnUri.AbsoluteUri, outcome!)), outcome, link.Mode, link.Origin);
        }
    }

    /// <summary>The state belongs to no link, or its link has expired.</summary>
    public sealed record Unknown : CallbackOutcome;

    /// <summary>The exchange is not finished yet, or a store does not answer. The browser asks the same address again; nothing is lost.</summary>
    /// <param name="FrameAncestor">The origin whose frame shows the page; null without a frame.</param>
    public sealed record Unfinished(string? FrameAncestor = null) : CallbackOutcome
    {
        public static Unfinished Of(Link link) => new(link.Mode is LinkMode.Iframe ? link.Origin : null);
    }
}
