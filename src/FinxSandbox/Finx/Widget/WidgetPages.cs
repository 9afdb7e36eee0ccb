using System.Globalization;
using System.Net;
using FinxSandbox.Calls;
using FinxSandbox.Finx.Data;
using FinxSandbox.Finx.Links;

namespace FinxSandbox.Finx.Widget;

/// <summary>The widget's pages: plain HTML forms.</summary>
internal static class WidgetPages
{
    public static Answer Of(Link link, string? complaint)
    {
        var texts = WidgetTexts.In(link.Request.Language);
        var (heading, fields) = link.Step switch
        {
            LinkStep.Bank => (texts.ChooseBank, BankFields()),
            LinkStep.Login => ($"{texts.Login} {link.Bank!.Name}", LoginFields(texts, link)),
            LinkStep.Otp => (texts.Otp, OtpFields(texts, link.Bank!)),
            LinkStep.Accounts => (link.Request.AllowMultiSelection ? texts.ChooseAccounts : texts.ChooseAccount, AccountFields(link)),
            _ => (texts.Confirm, ConfirmFields(texts, link)),
        };
        var back = link.Step is LinkStep.Bank ? "" : Button("back", texts.Back, "quiet", skipsValidation: true);
        var form = $"""
            <form method="post" action="/widget?token={link.Token}">
            {(complaint is null ? "" : $"<p class=\"complaint\" role=\"alert\">{Encode(complaint)}</p>")}
            {fields}
            <div class="buttons">
            {Button("next", link.Step is LinkStep.Confirm ? texts.Connect : texts.Next, "main", skipsValidation: false)}
            {back}
            {Button("cancel", texts.Cancel, "quiet", skipsValidation: true)}
            {Button("fail", texts.Fail, "quiet", skipsValidation: true)}
            </div>
            </form>
            """;
        return Page(StatusCodes.Status200OK, texts, heading, form);
    }

    /// <summary>For a link that was used, has expired or never was.</summary>
    public static Answer Gone(string language)
    {
        var texts = WidgetTexts.In(language);
        return Page(StatusCodes.Status410Gone, texts, texts.Gone, $"<p>{Encode(texts.GoneExplained)}</p>");
    }

    private static string BankFields() => string.Concat(Banks.All.Select(bank =>
        Option("radio", "bank", bank.Id, bank.Name, $"BLZ {bank.BankCode} · {bank.Bic}", isChecked: false)));

    private static string LoginFields(WidgetTexts texts, Link link)
    {
        var fields = $"""
            <label class="field">{Encode(texts.User)}<input name="user" required autocomplete="off" autocapitalize="none"></label>
            <label class="field">{Encode(texts.Password)}<input name="password" type="password" required autocomplete="off"></label>
            <p class="hint">{Encode(texts.Hint)}: <code>{link.Bank!.User}</code> / <code>{link.Bank.Password}</code></p>
            """;
        return link.Request.SaveSecrets
            ? fields
            : fields + $"<label class=\"option\"><input type=\"checkbox\" name=\"save_secrets\" value=\"true\"><span>{Encode(texts.SaveSecrets)}</span></label>";
    }

    private static string OtpFields(WidgetTexts texts, Bank bank) => $"""
        <p>{Encode(texts.OtpExplained)}</p>
        <label class="field">{Encode(texts.Otp)}<input name="otp" required inputmode="numeric" autocomplete="one-time-code"></label>
        <p class="hint">{Encode(texts.Hint)}: <code>{bank.Otp}</code></p>
        """;

    private static string AccountFields(Link link) => string.Concat(link.Bank!.Accounts.Select((account, index) => Option(
        link.Request.AllowMultiSelection ? "checkbox" : "radio",
        "account",
        index.ToString(CultureInfo.InvariantCulture),
        account.Name,
        $"{account.Iban ?? account.Number} · {account.Type}",
        link.Chosen.Contains(account))));

    private static string ConfirmFields(WidgetTexts texts, Link link) => $"""
        <p>{Encode(texts.ConfirmExplained)}</p>
        <ul>{string.Concat(link.Chosen.Select(account => $"<li>{Encode(account.Name)}<br><small>{Encode(account.Iban ?? account.Number)}</small></li>"))}</ul>
        """;

    private static string Option(string type, string name, string value, string text, string detail, bool isChecked) =>
        $"""<label class="option"><input type="{type}" name="{name}" value="{value}"{(isChecked ? " checked" : "")}><span>{Encode(text)}<small>{Encode(detail)}</small></span></label>""";

    private static string Button(string action, string text, string style, bool skipsValidation) =>
        $"""<button name="action" value="{action}" class="{style}"{(skipsValidation ? " formnovalidate" : "")}>{Encode(text)}</button>""";

    private static Answer Page(int status, WidgetTexts texts, string heading, string content)
    {
        var page = $"""
            <!doctype html>
            <html lang="{texts.Language}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{Encode(texts.Title)}</title>
            <style>{WidgetStyle.Css}</style>
            </head>
            <body>
            <p class="sandbox">{Encode(texts.Sandbox)}</p>
            <main>
            <p class="title">{Encode(texts.Title)}</p>
            <h1>{Encode(heading)}</h1>
            {content}
            </main>
            </body>
            </html>
            """;
        return Answer.Html(status, page)
            .With("Cache-Control", "no-store")
            .With("Referrer-Policy", "no-referrer")
            .With("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'");
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
