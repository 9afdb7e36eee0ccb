using System.Buffers.Text;
using FinxFunctions.Finx;
using FinxFunctions.Http;
using FinxFunctions.State;
using Microsoft.AspNetCore.WebUtilities;

namespace FinxFunctions.Links;

/// <summary>Makes a link request of the body of <c>POST /api/links</c>. It checks what depends on the settings or on a second field.</summary>
public sealed class LinkRequestFactory(ReturnUris returnUris, IOptions<LinkOptions> options)
{
    private readonly string[] _languages = options.Value.Languages.Split(',');

    /// <exception cref="InvalidRequestException">The body has errors. The exception holds all of them.</exception>
    public LinkRequest Create(ParsedBody<LinkRequestBody> parsed, string? idempotencyKey)
    {
        var (body, errors) = parsed;
        var mode = ModeOf(body.Mode);
        var returnUri = ReturnUriOf(body, errors);
        var origin = OriginOf(body, mode, returnUri, errors);
        if (body.CodeChallenge is { } challenge && !errors.Contains("code_challenge") && !Base64Url.IsValid(challenge))
        {
            errors.Add("code_challenge", LinkRequestBody.CodeChallengeError);
        }

        if (body.Language is { } language && !_languages.Contains(language))
        {
            errors.Add("language", $"Must be one of {string.Join(", ", _languages)}.");
        }

        _ = parsed.Valid();
        return new LinkRequest(body.UserId!, returnUri!, body.State, body.ConnectionId, mode, origin, body.CodeChallenge)
        {
            IdempotencyKey = idempotencyKey,
            Widget = WidgetOf(body),
        };
    }

    private Uri? ReturnUriOf(LinkRequestBody body, FieldErrors errors)
    {
        if (body.ReturnUri is not { } text || errors.Contains("return_uri"))
        {
            return null;
        }

        var uri = returnUris.TryParse(text);
        if (uri is null)
        {
            errors.Add("return_uri", "Is not an allowed return address (Links__AllowedReturnUris).");
        }
        else if (QueryHelpers.ParseQuery(uri.Query).Keys.Any(name => ReturnParameters.All.Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            errors.Add("return_uri", $"Its query must not hold the parameters of the outcome: {string.Join(", ", ReturnParameters.All)}.");
        }

        return uri;
    }

    /// <summary>For a popup or a frame: the origin that the body asks for, or else the origin of the return address.</summary>
    private string? OriginOf(LinkRequestBody body, LinkMode mode, Uri? returnUri, FieldErrors errors)
    {
        if (body.Origin is not { } text || errors.Contains("origin"))
        {
            return mode is LinkMode.Redirect ? null : returnUri?.GetLeftPart(UriPartial.Authority);
        }

        if (mode is LinkMode.Redirect)
        {
            errors.Add("origin", "Is only for the modes popup and iframe.");
            return null;
        }

        var origin = returnUris.TryParseOrigin(text);
        if (origin is null)
        {
            errors.Add("origin", "Is not the origin of an allowed return address (Links__AllowedReturnUris).");
        }

        return origin;
    }

    private static LinkMode ModeOf(string? mode) => mode switch
    {
        "popup" => LinkMode.Popup,
        "iframe" => LinkMode.Iframe,
        _ => LinkMode.Redirect,
    };

    private static WidgetLinkRequest WidgetOf(LinkRequestBody body) => new()
    {
        UserId = body.UserId!,
        TrackingId = body.TrackingId,
        Language = body.Language,
        ProviderId = body.ProviderId?.ToString("D"),
        Accounts = body.Accounts?.ConvertAll(account => new AccountReference(account.Id!, account.Currency)),
        AccountTypes = body.AccountTypes,
        AllowMultiSelection = body.AllowMultiSelection,
        SyncPeriod = body.SyncPeriod,
        SaveSecrets = body.SaveSecrets,
    };
}
