using FinxSandbox.Calls;
using FinxSandbox.Finx.Data;
using FinxSandbox.Finx.Links;
using FinxSandbox.Finx.Tokens;
using FinxSandbox.Finx.Widget;

namespace FinxSandbox.Finx;

/// <summary>finX in miniature.</summary>
internal sealed class FinxApi
{
    private readonly LinkApi _links;
    private readonly TokenApi _tokens;
    private readonly DataApi _data;

    public FinxApi(LiveOptions options, SandboxClock sandboxClock)
    {
        Clock = new FinxClock(options, sandboxClock);
        var client = new ClientAuthentication(options);
        var data = new BankData(Clock);
        Tokens = new TokenStore(options, Clock);
        Links = new LinkStore(options, Clock, data);
        Widget = new WidgetApi(Links, new WidgetExit(options, Tokens, data));
        _links = new LinkApi(Links, client);
        _tokens = new TokenApi(Tokens, client, options);
        _data = new DataApi(data, Tokens, client);
    }

    /// <summary>finX's clock, which may be wrong.</summary>
    public TimeProvider Clock { get; }

    public LinkStore Links { get; }

    public TokenStore Tokens { get; }

    public WidgetApi Widget { get; }

    public Operation Route(Call call) =>
        _tokens.Route(call) ?? _data.Route(call) ?? _links.Route(call) ?? Widget.Route(call) ?? new Operation("unknown", _ => FinxError.Missing());
}
