using System.Net;
using FinxSandbox.Calls;
using FinxSandbox.Finx.Data;
using FinxSandbox.Finx.Widget;

namespace FinxSandbox.Control;

/// <summary>The page at the sandbox's address.</summary>
internal static class IndexPage
{
    public static Answer Of(SandboxServer server) => Answer.Html(StatusCodes.Status200OK, $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>FinxSandbox</title>
        <style>{WidgetStyle.Css}</style>
        </head>
        <body>
        <main>
        <p class="title">FinxSandbox</p>
        <h1>finX and Key Vault in miniature</h1>
        <p>Everything here is made up and kept in memory. Widget pages open from the <code>location</code> that <code>POST /ongoing/access</code> answers.</p>
        <table>
        <tr><th>finX</th><td><code>{server.FinxAddress}</code></td></tr>
        <tr><th>Client</th><td><code>{Encode(server.Options.ClientId)}</code></td></tr>
        {string.Concat(server.VaultAddresses.Select(vault => $"<tr><th>Key Vault</th><td><code>{vault}</code></td></tr>"))}
        <tr><th>Its pin</th><td><code>{server.VaultPublicKeyThumbprint}</code></td></tr>
        <tr><th>Identity</th><td><code>{server.IdentityEndpoint}</code></td></tr>
        <tr><th>Clock</th><td>{server.Clock.GetUtcNow():u}</td></tr>
        </table>
        <h2>Control</h2>
        <ul>
        <li><a href="/sandbox/clock">/sandbox/clock</a> POST <code>advance</code> or <code>set</code></li>
        <li><a href="/sandbox/faults">/sandbox/faults</a> POST a rule, DELETE one or all</li>
        <li><a href="/sandbox/answers">/sandbox/answers</a> the odd answers that a rule can name</li>
        <li><code>/sandbox/vaults/(index)/restore</code> POST <code>to</code>; <code>/sandbox/vaults/(index)/secrets/(name)</code> DELETE, also <code>?purge=true</code></li>
        <li><a href="/sandbox/journal">/sandbox/journal</a> every call; <code>?after=</code>, <code>?operation=</code></li>
        <li><a href="/sandbox/state">/sandbox/state</a> connections and their live tokens, as hashes</li>
        <li><a href="/sandbox/options">/sandbox/options</a> PATCH to change</li>
        <li><code>/sandbox/links/(flow id)/finish</code> POST to go through the widget without its pages</li>
        </ul>
        <h2>Banks</h2>
        <table>
        <tr><th>Bank</th><th>Log in with</th></tr>
        {string.Concat(Banks.All.Select(Row))}
        </table>
        </main>
        </body>
        </html>
        """);

    private static string Row(Bank bank) =>
        $"<tr><td>{Encode(bank.Name)}</td><td><code>{bank.User}</code> <code>{bank.Password}</code>{(bank.Otp is null ? "" : $", OTP <code>{bank.Otp}</code>")}</td></tr>";

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
