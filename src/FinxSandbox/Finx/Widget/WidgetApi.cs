using System.Globalization;
using System.Text;
using FinxSandbox.Calls;
using FinxSandbox.Finx.Data;
using FinxSandbox.Finx.Links;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace FinxSandbox.Finx.Widget;

/// <summary>
/// The widget: bank, login, one-time password, accounts, confirmation, and back to the application.
/// The link knows where its user is, so that a page needs neither cookie nor script.
/// </summary>
internal sealed class WidgetApi(LinkStore links, WidgetExit exit)
{
    public Operation? Route(Call call) => (call.Method, call.Path) switch
    {
        ("GET", ["widget"]) => new("widget.show", Show),
        ("POST", ["widget"]) => new("widget.submit", Submit),
        _ => null,
    };

    /// <summary>Ends a flow as a user would, without the pages: the first bank and all its accounts where none are chosen.</summary>
    /// <returns>Where the user is sent; null where the link can no longer be used.</returns>
    public string? Finish(Link link, WidgetOutcome outcome)
    {
        lock (link.Gate)
        {
            if (!links.IsOpen(link))
                return null;

            link.Bank ??= Banks.All[0];
            if (link.Chosen.Count == 0)
                link.Chosen = Preselected(link);
            if (link.Chosen.Count == 0)
                link.Chosen = Allowed(link, link.Bank.Accounts);
            return exit.Leave(link, outcome);
        }
    }

    private Answer Show(Call call) => Visit(call, link => WidgetPages.Of(link, complaint: null));

    private Answer Submit(Call call) => Visit(call, link =>
    {
        var form = new FormCollection(QueryHelpers.ParseQuery(Encoding.UTF8.GetString(call.Body)));
        switch (form["action"].ToString())
        {
            case "cancel":
                return Answer.SeeOther(exit.Leave(link, WidgetOutcome.Cancel));
            case "fail":
                return Answer.SeeOther(exit.Leave(link, WidgetOutcome.Fail));
            case "back":
                GoBack(link);
                return Again(link);
            default:
                if (Advance(link, form) is { } complaint)
                    return WidgetPages.Of(link, complaint);
                return link.Step is LinkStep.Finished ? Answer.SeeOther(exit.Leave(link, WidgetOutcome.Success)) : Again(link);
        }
    });

    private Answer Visit(Call call, Func<Link, Answer> act)
    {
        if (links.Find(call.Query("token") ?? "") is not { } link)
            return WidgetPages.Gone("de");

        call.Entry = call.Entry with { FlowId = link.FlowId, UserId = link.Request.UserId };
        lock (link.Gate)
            return links.IsOpen(link) ? act(link) : WidgetPages.Gone(link.Request.Language);
    }

    /// <summary>Takes what the page asked for and goes on to the next.</summary>
    /// <returns>What to complain of; null when all is well.</returns>
    private static string? Advance(Link link, FormCollection form)
    {
        var texts = WidgetTexts.In(link.Request.Language);
        switch (link.Step)
        {
            case LinkStep.Bank:
                link.Bank = Banks.Find(form["bank"]);
                if (link.Bank is null)
                    return texts.NoBank;
                link.Step = LinkStep.Login;
                return null;

            case LinkStep.Login:
                if (form["user"] != link.Bank!.User || form["password"] != link.Bank.Password)
                    return texts.WrongLogin;
                link.SaveSecrets = link.Request.SaveSecrets || form["save_secrets"] == "true";
                link.Chosen = Preselected(link);
                link.Step = link.Bank.Otp is null ? LinkStep.Accounts : LinkStep.Otp;
                return null;

            case LinkStep.Otp:
                if (form["otp"] != link.Bank!.Otp)
                    return texts.WrongOtp;
                link.Step = LinkStep.Accounts;
                return null;

            case LinkStep.Accounts:
                link.Chosen = Picked(link, form["account"]);
                if (link.Chosen.Count == 0)
                    return texts.NoAccount;
                link.Step = LinkStep.Confirm;
                return null;

            default:
                link.Step = LinkStep.Finished;
                return null;
        }
    }

    private static void GoBack(Link link) => link.Step = link.Step switch
    {
        LinkStep.Confirm => LinkStep.Accounts,
        LinkStep.Accounts or LinkStep.Otp => LinkStep.Login,
        _ => LinkStep.Bank,
    };

    private static List<BankAccount> Picked(Link link, StringValues indices)
    {
        var picked = link.Bank!.Accounts.Where((_, index) => indices.Contains(index.ToString(CultureInfo.InvariantCulture)));
        return Allowed(link, picked);
    }

    private static List<BankAccount> Allowed(Link link, IEnumerable<BankAccount> accounts) =>
        [.. link.Request.AllowMultiSelection ? accounts : accounts.Take(1)];

    private static List<BankAccount> Preselected(Link link) =>
        [.. link.Bank!.Accounts.Where(account => link.Request.Accounts.Any(reference => Banks.Is(account, reference)))];

    private static Answer Again(Link link) => Answer.SeeOther($"/widget?token={link.Token}");
}
