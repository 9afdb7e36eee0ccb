using System.Collections.Concurrent;
using FinxSandbox.Finx.Data;
using FinxSandbox.Finx.Tokens;

namespace FinxSandbox.Finx.Links;

/// <summary>The links made, by the token that opens them and by the flow they are for.</summary>
internal sealed class LinkStore(LiveOptions options, TimeProvider clock, BankData data)
{
    private readonly ConcurrentDictionary<string, Link> _byToken = [];
    private readonly ConcurrentDictionary<string, Link> _byFlow = [];

    public Link Create(LinkRequest request)
    {
        var known = request.SyncOf is { } accountIds ? data.Known(request.UserId, accountIds) : null;
        if (known is not null)
            request = request with { Accounts = [.. known.Select(account => account.Iban ?? account.Number)] };

        var link = new Link(Guid.NewGuid().ToString(), TokenMint.Opaque(48), request, clock.GetUtcNow() + options.Current.LinkLifetime)
        {
            Bank = known is [var first, ..] ? Banks.Of(first) : Banks.Preselected(request.ProviderId, request.Accounts),
        };
        link.Step = link.Bank is null ? LinkStep.Bank : LinkStep.Login;
        _byFlow[link.FlowId] = _byToken[link.Token] = link;
        return link;
    }

    public Link? Find(string token) => _byToken.GetValueOrDefault(token);

    public Link? FindByFlow(string flowId) => _byFlow.GetValueOrDefault(flowId);

    /// <summary>Whether the link can still be used.</summary>
    public bool IsOpen(Link link) => link.Step is not LinkStep.Finished && link.ExpiresAt > clock.GetUtcNow();
}
