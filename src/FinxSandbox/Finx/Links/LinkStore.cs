using System.Collections.Concurrent;
using FinxSandbox.Finx.Data;
using FinxSandbox.Finx.Tokens;

namespace FinxSandbox.Finx.Links;

/// <summary>The links made, by the token that opens them.</summary>
internal sealed class LinkStore(LiveOptions options, SandboxClock clock, BankData data)
{
    private readonly ConcurrentDictionary<string, Link> _links = [];

    public Link Create(LinkRequest request)
    {
        var link = new Link(Guid.NewGuid().ToString(), TokenMint.Opaque(48), request, clock.GetUtcNow() + options.Current.LinkLifetime);
        link.Bank = request.SyncOf is { } accounts
            ? data.BankOf(request.UserId, accounts)
            : Banks.Preselected(request.ProviderId, request.Accounts);
        link.Step = link.Bank is null ? LinkStep.Bank : LinkStep.Login;
        _links[link.Token] = link;
        return link;
    }

    public Link? Find(string token) => _links.GetValueOrDefault(token);

    public Link? FindByFlow(string flowId) => _links.Values.FirstOrDefault(link => link.FlowId == flowId);

    /// <summary>Whether the link can still be used.</summary>
    public bool IsOpen(Link link) => link.Step is not LinkStep.Finished && link.ExpiresAt > clock.GetUtcNow();
}
