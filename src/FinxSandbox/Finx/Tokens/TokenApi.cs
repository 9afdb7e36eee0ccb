using System.Text.Json;
using System.Text.Json.Nodes;
using FinxSandbox.Calls;

namespace FinxSandbox.Finx.Tokens;

/// <summary><c>POST /auth/token</c> and revocation.</summary>
internal sealed class TokenApi(TokenStore tokens, ClientAuthentication client, LiveOptions options)
{
    public Operation? Route(Call call) => (call.Method, call.Path) switch
    {
        ("POST", ["auth", "token"]) => call.Text("grant_type") switch
        {
            "authorization_code" => Guard(call, "token.exchange", call.Text("code"), Exchange),
            "refresh_token" => Guard(call, "token.refresh", call.Text("refresh_token"), Refresh),
            var grant => client.Guard("token.unknown", _ => grant is null
                ? Invalid("grant_type", "invalid_request", "This field is required.")
                : Invalid("grant_type", "unsupported_grant_type", "Must be one of: authorization_code, refresh_token.")),
        },
        ("POST", ["auth", "revoke"]) => Guard(call, "token.revoke", call.Text("token"), Revoke),
        ("GET", ["auth", "revoke"]) => Guard(call, "token.revoke", call.Query("token"), Revoke),
        _ => null,
    };

    private Operation Guard(Call call, string operation, string? token, Func<Call, string?, Answer> act)
    {
        if (!string.IsNullOrEmpty(token))
            tokens.Identify(call, token);
        return client.Guard(operation, guarded => act(guarded, token)) with { Unknown = _ => Refusal("invalid_grant", "The token or code is unknown.") };
    }

    private Answer Exchange(Call call, string? code) => string.IsNullOrEmpty(code)
        ? Invalid("code", "invalid_request", "This field is required.")
        : Answered(call, tokens.Exchange(code));

    private Answer Refresh(Call call, string? refreshToken) => string.IsNullOrEmpty(refreshToken)
        ? Invalid("refresh_token", "invalid_request", "This field is required.")
        : Answered(call, tokens.Refresh(refreshToken, call.Text("scope")));

    private Answer Revoke(Call call, string? token)
    {
        if (string.IsNullOrEmpty(token))
            return Invalid("token", "invalid_request", "This field is required.");

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
                return Granted(issued);

            case Refused { Error: "invalid_scope" } refused:
                return Invalid("scope", refused.Error, refused.Description);

            case Refused refused:
                return Refusal(refused.Error, refused.Description);

            default:
                throw new InvalidOperationException($"No answer for {outcome}.");
        }
    }

    private Answer Granted(Issued issued)
    {
        var current = options.Current;
        var body = new TokenBody(
            issued.AccessToken,
            "Bearer",
            current.OmitExpiresIn ? null : (int)issued.Lifetime.TotalSeconds,
            issued.RefreshToken,
            current.OmitScope ? null : issued.Scope);
        var answer = Answer.Json(StatusCodes.Status200OK, body, FinxJson.Default.TokenBody);
        if (current.RefreshLifetimeField is { } field && issued.RefreshLifetime is { } lifetime)
        {
            var members = JsonNode.Parse(answer.Body)!.AsObject();
            members[field] = (long)lifetime.TotalSeconds;
            answer = answer with { Body = JsonSerializer.SerializeToUtf8Bytes(members, FinxJson.Default.JsonObject) };
        }
        return NoStore(answer);
    }

    private Answer Refusal(string error, string description) => options.Current.TokenErrorShape is TokenErrorShape.Rfc6749
        ? RfcError(options.Current.TokenRefusalStatus, error, description)
        : FinxError.Refused(options.Current.TokenRefusalStatus, description);

    private Answer Invalid(string field, string error, string complaint) =>
        options.Current.TokenErrorShape is TokenErrorShape.Rfc6749
            ? RfcError(StatusCodes.Status400BadRequest, error, $"{field}: {complaint}")
            : FinxError.Invalid(field, complaint);

    private static Answer RfcError(int status, string error, string description) =>
        NoStore(Answer.Json(status, new TokenErrorBody(error, description), FinxJson.Default.TokenErrorBody));

    private static Answer NoStore(Answer answer) => answer.With("Cache-Control", "no-store");
}
