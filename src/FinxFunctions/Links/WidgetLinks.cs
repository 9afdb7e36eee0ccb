using FinxFunctions.Diagnostics;
using FinxFunctions.Finx;
using FinxFunctions.State;

namespace FinxFunctions.Links;

/// <summary>Asks finX for links to the widget.</summary>
public sealed class WidgetLinks(FinxClient finx, IOptions<LinkOptions> options, TimeProvider time)
{
    /// <summary>The life of a link that is made now.</summary>
    public LinkLife LifeFromNow()
    {
        var now = time.GetUtcNow();
        return new LinkLife(now, now + options.Value.Lifetime);
    }

    /// <summary>Asks finX for a link, and makes its row. The row is not stored yet.</summary>
    /// <exception cref="FinxException">finX did not make the link.</exception>
    public async Task<(Link Link, Uri Location)> CreateAsync(string connectionId, LinkRequest request, LinkLife life, CancellationToken cancellationToken)
    {
        var (state, text) = FlowState.New(connectionId);
        var widget = await finx.CreateLinkAsync(request.Widget with { RedirectUri = options.Value.CallbackAddress!.AbsoluteUri, State = text }, cancellationToken);
        var link = new Link(state.Key, widget.FlowId, request.ReturnUri, request.CallerState, life.CreatedAt, life.ExpiresAt)
        {
            Mode = request.Mode,
            Origin = request.Origin,
            CodeChallenge = request.CodeChallenge,
            TraceContext = FinxTraces.Context,
        };
        return (link, widget.Location);
    }
}
