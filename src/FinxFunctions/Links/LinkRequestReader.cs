using System.Buffers.Text;
using System.Text.Json;
using FinxFunctions.Finx;
using FinxFunctions.Http;
using FinxFunctions.Primitives;
using FinxFunctions.State;
using Microsoft.AspNetCore.WebUtilities;

namespace FinxFunctions.Links;

/// <summary>Reads and checks the body of <c>POST /api/links</c>, every field before finX is asked (finX: <c>POST /ongoing/access</c>).</summary>
public sealed class LinkRequestReader
{
    private const int MaximumUserId = 128;
    private const int MaximumState = 1024;
    private const int MaximumDays = 730;
    private const int MaximumAccounts = 50;

    private readonly ReturnUris _returnUris;
    private readonly string[] _languages;

    public LinkRequestReader(ReturnUris returnUris, IOptions<LinkOptions> options) =>
        (_returnUris, _languages) = (returnUris, options.Value.Languages.Split(','));

    /// <exception cref="InvalidRequestException">Something is wrong; all of it is named.</exception>
    public LinkRequest Read(JsonFields fields, string? idempotencyKey)
    {
        var userId = fields.Text("user_id", MaximumUserId, isRequired: true);
        var returnUri = ReturnUri(fields);
        var state = fields.Text("state", MaximumState);
        var connectionId = fields.Text("connection_id", 64);
        if (connectionId is not null && !ConnectionId.IsValid(connectionId))
        {
            fields.Error("connection_id", "Is not the id of a connection.");
        }

        var mode = Mode(fields);
        var origin = Origin(fields, mode, returnUri);
        var codeChallenge = fields.Text("code_challenge", 64);
        if (codeChallenge is not null && !(codeChallenge.Length == 43 && Base64Url.IsValid(codeChallenge)))
        {
            fields.Error("code_challenge", "The SHA-256 of the code_verifier in base64url is needed: 43 characters (RFC 7636, S256).");
        }

        var widget = new WidgetLinkRequest
        {
            UserId = userId ?? "",
            TrackingId = fields.Text("tracking_id", MaximumUserId),
            Language = Language(fields),
            ProviderId = ProviderId(fields),
            Accounts = Accounts(fields),
            AccountTypes = AccountTypes(fields),
            AllowMultiSelection = fields.Flag("allow_multi_selection"),
            SyncPeriod = fields.Number("sync_period", 1, MaximumDays),
            SaveSecrets = fields.Flag("save_secrets"),
        };
        fields.ThrowIfWrong();
        return new LinkRequest(userId!, returnUri!, state, connectionId, mode, origin, codeChallenge) { IdempotencyKey = idempotencyKey, Widget = widget };
    }

    private static LinkMode Mode(JsonFields fields)
    {
        switch (fields.Text("mode", 16))
        {
            case null or "redirect":
                return LinkMode.Redirect;
            case "popup":
                return LinkMode.Popup;
            case "iframe":
                return LinkMode.Iframe;
            default:
                fields.Error("mode", "One of redirect, popup, iframe is needed.");
                return LinkMode.Redirect;
        }
    }

    /// <summary>The origin of the return address, unless another is asked for.</summary>
    private string? Origin(JsonFields fields, LinkMode mode, Uri? returnUri)
    {
        var text = fields.Text("origin", 256);
        if (mode is LinkMode.Redirect)
        {
            return text is null ? null : fields.Error("origin", "Goes with the modes popup and iframe.");
        }

        if (text is null)
        {
            return returnUri?.GetLeftPart(UriPartial.Authority);
        }

        return _returnUris.TryParseOrigin(text) ?? fields.Error("origin", "Is not the origin of an address that users may be sent to (Links__AllowedReturnUris).");
    }

    private Uri? ReturnUri(JsonFields fields)
    {
        var text = fields.Text("return_uri", int.MaxValue, isRequired: true);
        var uri = text is null ? null : _returnUris.TryParse(text);
        if (text is not null && uri is null)
        {
            fields.Error("return_uri", "Is not among the addresses that users may be sent to (Links__AllowedReturnUris).");
        }
        else if (uri is not null && QueryHelpers.ParseQuery(uri.Query).Keys.Any(name => ReturnParameters.All.Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            fields.Error("return_uri", $"Its query must not hold what the outcome is told by: {string.Join(", ", ReturnParameters.All)}.");
        }

        return uri;
    }

    private string? Language(JsonFields fields) =>
        fields.Text("language", 16) is { } language && !_languages.Contains(language)
            ? fields.Error("language", $"One of {string.Join(", ", _languages)} is needed.")
            : fields.Text("language", 16);

    private static string? ProviderId(JsonFields fields) =>
        fields.Text("provider_id", 64) is { } id && !Guid.TryParseExact(id, "D", out _)
            ? fields.Error("provider_id", "A UUID is needed.")
            : fields.Text("provider_id", 64);

    private static IReadOnlyList<AccountReference>? Accounts(JsonFields fields)
    {
        if (fields.Items("accounts", MaximumAccounts) is not { } items)
        {
            return null;
        }

        List<AccountReference> accounts = [];
        foreach (var (index, item) in items.Index())
        {
            if (fields.Inside($"accounts[{index}]", item) is not { } inner)
            {
                continue;
            }

            var id = inner.Text("id", 64, isRequired: true);
            if (id is not null && Iban.LooksLikeOne(id) && !Iban.IsValid(id))
            {
                inner.Error("id", "Looks like an IBAN, but its check digits do not fit.");
            }

            var currency = inner.Text("currency", 3);
            if (currency is not null && !(currency.Length == 3 && currency.All(char.IsAsciiLetterUpper)))
            {
                inner.Error("currency", "An ISO 4217 code such as EUR is needed.");
            }

            fields.Take(inner);
            accounts.Add(new AccountReference(id ?? "", currency));
        }

        return accounts;
    }

    private static IReadOnlyList<string>? AccountTypes(JsonFields fields)
    {
        if (fields.Items("account_types", MaximumAccounts) is not { } items)
        {
            return null;
        }

        var texts = items.Where(item => item.ValueKind is JsonValueKind.String).Select(item => item.GetString()!).Where(text => text.Length is > 0 and <= 64 && !text.Any(char.IsControl)).ToList();
        if (texts.Count != items.Count)
        {
            fields.Error("account_types", "Each must be a text of 1 to 64 characters.");
        }

        return texts;
    }
}
