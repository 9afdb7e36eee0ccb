using System.Text.Json;
using System.Text.Json.Nodes;
using FinxSandbox.Calls;

namespace FinxSandbox.Finx.Tokens;

/// <summary><c>POST /auth/token</c> and revocation.</summary>
internal sealed class TokenApi(TokenStore tokens, ClientAuthentication client, LiveOptions options)
{
    public Operation? Route(Call call) => (call.Method, call.Path) switch
    {
        ("POST", ["auth", "token"]) => Text(call.Json(), "grant_type") switch
        {
            "authorization_code" => client.Guard("token.exchange", Exchange),
            "refresh_token" => client.Guard("token.refresh", Refresh),
            var grant => client.Guard("token.unknown", _ => grant is null
                ? Invalid("grant_type", "invalid_request", "This field is required.")
                : Invalid("grant_type", "unsupported_grant_type", "Must be one of: authorization_code, refresh_token.")),
        },
        ("POST", ["auth", "revoke"]) => client.Guard("token.revoke", post => Revoke(post, Text(post.Json(), "token"))),
        ("GET", ["auth", "revoke"]) => client.Guard("token.revoke", get => Revoke(get, get.Query("token"))),
        _ => null,
    };

    private Answer Exchange(Call call)
    {
        if (Text(call.Json(), "code") is not { Length: > 0 } code)
            return Invalid("code", "invalid_request", "This field is required.");

        call.Entry = call.Entry with { Presented = TokenHash.Of(code) };
        return Answered(call, tokens.Exchange(code));
    }

    private Answer Refresh(Call call)
    {
        var body = call.Json();
        if (Text(body, "refresh_token") is not { Length: > 0 } refreshToken)
            return Invalid("refresh_token", "invalid_request", "This field is required.");

        call.Entry = call.Entry with { Presented = TokenHash.Of(refreshToken) };
        return Answered(call, tokens.Refresh(refreshToken, Text(body, "scope")));
    }

    private Answer Revoke(Call call, string? token)
    {
        if (string.IsNullOrEmpty(token))
            return Invalid("token", "invalid_request", "This field is required.");

        call.Entry = call.Entry with { Presented = TokenHash.Of(token) };
        tokens.Revoke(token);
        return Answer.Empty(StatusCodes.Status200OK);
    }

    private Answer Answered(Call call, TokenOutcome outcome)
    {
        switch (outcome)
        {
            case Issued issued:
                call.Entry = call.Entry with
                {
                    FlowId = issued.Family.FlowId,
                    UserId = issued.Family.UserId,
                    IssuedAccessToken = TokenHash.Of(issued.AccessToken),
                    IssuedRefreshToken = issued.RefreshToken is { } refreshToken ? TokenHash.Of(refreshToken) : null,
                };
                var body = new TokenBody(
                    issued.AccessToken,
                    "Bearer",
                    options.Current.OmitExpiresIn ? null : (int)issued.Lifetime.TotalSeconds,
                    issued.RefreshToken,
                    options.Current.OmitScope ? null : issued.Scope);
                return NoStore(Answer.Json(StatusCodes.Status200OK, body, FinxJson.Default.TokenBody));

            case Refused { Error: "invalid_scope" } refused:
                return Invalid("scope", refused.Error, refused.Description);

            case Refused refused:
                return options.Current.TokenErrorShape is TokenErrorShape.Rfc6749
                    ? RfcError(options.Current.TokenRefusalStatus, refused.Error, refused.Description)
                    : FinxError.Refused(options.Current.TokenRefusalStatus, refused.Description);

            default:
                throw new InvalidOperationException($"No answer for {outcome}.");
        }
    }

    private Answer Invalid(string field, string error, string complaint) =>
        options.Current.TokenErrorShape is TokenErrorShape.Rfc6749
            ? RfcError(StatusCodes.Status400BadRequest, error, $"{field}: {complaint}")
            : FinxError.Invalid(field, complaint);

    private static Answer RfcError(int status, string error, string description) =>
        NoStore(Answer.Json(status, new TokenErrorBody(error, description), FinxJson.Default.TokenErrorBody));

    private static Answer NoStore(Answer answer) => answer.With("Cache-Control", "no-store");

    private static string? Text(JsonObject? body, string field) =>
        body?[field] is JsonValue value && value.GetValueKind() is JsonValueKind.String ? value.GetValue<string>() : null;
}
