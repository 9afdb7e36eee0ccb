using FinxSandbox.Finx.Data;
using FinxSandbox.Finx.Links;
using FinxSandbox.Finx.Tokens;

namespace FinxSandbox.Finx.Widget;

/// <summary>The user's way back: what the flow has brought about, and the redirect that tells it.</summary>
internal sealed class WidgetExit(LiveOptions options, TokenStore tokens, BankData data)
{
    /// <summary>Ends the flow. The caller holds the link's lock.</summary>
    public string Leave(Link link, WidgetOutcome outcome)
    {
        link.Step = LinkStep.Finished;
        var (current, request) = (options.Current, link.Request);
        string? code = null;
        if (outcome is WidgetOutcome.Success)
        {
            data.Connect(request.UserId, link.Bank!, link.Chosen, link.SaveSecrets, request.SyncPeriod ?? current.DefaultSyncPeriod);
            if (request.SyncOf is null || current.SyncReturnsCode)
                code = tokens.IssueCode(link.FlowId, request.UserId);
        }

        return Redirect(request.RedirectUri, Parameters(current, link, outcome, code));
    }

    private static IEnumerable<(string Name, string? Value)> Parameters(SandboxOptions options, Link link, WidgetOutcome outcome, string? code)
    {
        var cancelled = outcome is WidgetOutcome.Cancel;
        (string, string?) success = ("success", outcome is WidgetOutcome.Success ? "true" : "false");
        (string, string?) cancel = options.CallbackVariant is CallbackVariant.Abort
            ? ("abort", cancelled ? "true" : "false")
            : ("cancel", cancelled ? "true" : null);
        return options.CallbackOrder is CallbackOrder.CodeFirst
            ? [("code", code), ("state", link.Request.State), success, cancel, ("flow_id", link.FlowId)]
            : [("flow_id", link.FlowId), ("code", code), success, cancel, ("state", link.Request.State)];
    }

    /// <summary>Adds to the query that the URI has, before its fragment.</summary>
    private static string Redirect(string uri, IEnumerable<(string Name, string? Value)> parameters)
    {
        var query = string.Join('&', parameters
            .Where(parameter => parameter.Value is not null)
            .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}"));
        var fragment = uri.IndexOf('#', StringComparison.Ordinal) is >= 0 and var at ? uri[at..] : "";
        var address = uri[..^fragment.Length];
        return $"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{query}{fragment}";
    }
}
