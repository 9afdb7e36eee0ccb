using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using FinxFunctions.Links;

namespace FinxFunctions.StandIns;

/// <summary>finX in memory: links, codes and rotating refresh tokens, and a record of every presentation.</summary>
public sealed class InMemoryFinx(FinxRules rules, TimeProvider time)
{
    /// <summary>The beginning of every secret. Where it is found in clear, a secret leaked.</summary>
    public const string Mark = "~token~";

    private readonly Dictionary<string, (string State, string ConnectionId)> _flows = [];
    private readonly Dictionary<string, FinxToken> _tokens = [];
    private readonly Lock _gate = new();
    private long _issued;
    private long _asked;

    public FinxRules Rules { get; set; } = rules;

    /// <summary>When it answers odd things.</summary>
    public FinxTroubles Troubles { get; } = new();

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Makes a link for a state. The user has yet to finish its flow.</summary>
    public HttpResponseMessage CreateLink(string state)
    {
        lock (_gate)
        {
            var flowId = $"flow-{++_issued}";
            _flows[flowId] = (state, FlowState.TryParse(state)!.ConnectionId);
            return Json(HttpStatusCode.OK, new JsonObject { ["id"] = flowId, ["location"] = $"https://widget.example/{Mark}{flowId}" });
        }
    }

    /// <summary>The state and code that the widget sends back with the user.</summary>
    public (string State, string Code) Finish(string flowId)
    {
        lock (_gate)
        {
            _flows.Remove(flowId, out var flow);
            var code = Issue(new FinxFamily(flow.ConnectionId), Rules.CodeLifetime, null);
            return (flow.State, code.Value);
        }
    }

    /// <summary>The state that the widget sends back when the user cancelled.</summary>
    public string Cancel(string flowId)
    {
        lock (_gate)
        {
            _flows.Remove(flowId, out var flow);
            return flow.State;
        }
    }

    public FinxToken? Find(string value)
    {
        lock (_gate)
        {
            return _tokens.GetValueOrDefault(value);
        }
    }

    /// <summary>Records that a token was sent; null where finX never issued it.</summary>
    public Presentation? Present(string value)
    {
        lock (_gate)
        {
            if (!_tokens.TryGetValue(value, out var token))
            {
                return null;
            }

            var presentation = new Presentation(token, time.GetUtcNow());
            token.Presentations.Add(presentation);
            return presentation;
        }
    }

    /// <summary>The reason why finX refuses a refresh token or code now; null where it does not.</summary>
    public string? Objection(FinxToken token)
    {
        var now = time.GetUtcNow();
        return token switch
        {
            { Family.Revoked: { } why } => why,
            _ when token.ExpiresAt <= now => "expired",
            _ when token.SpentAt is { } spentAt && !(Rules.Reuse is ReuseMode.Grace && token.IssuedBy is not null && now - spentAt < Rules.GraceWindow) => "used before",
            { SpentAt: null, IssuedBy: not null } when token != token.Family.Newest => "superseded",
            _ => null,
        };
    }

    /// <summary>Whether finX honours an access token.</summary>
    public bool Honours(string accessToken)
    {
        lock (_gate)
        {
            return _tokens.TryGetValue(accessToken, out var token) && token.Family.Revoked is null && token.ExpiresAt > time.GetUtcNow();
        }
    }

    /// <summary>Acts on a presentation that arrived.</summary>
    public HttpResponseMessage Answer(Presentation presentation)
    {
        lock (_gate)
        {
            presentation.ReachedAt = time.GetUtcNow();
            var token = presentation.Token;
            var family = token.Family;
            if (Troubles.Answer(Now, Refusal) is { } odd)
            {
                return odd;
            }

            if (Now - token.IssuedAt < Rules.NodeLag && _asked++ % 2 == 0)
            {
                return Refusal();
            }

            if (token.IssuedBy?.GrantedAt is { } grantedAt && Now - grantedAt < Rules.GrantThrottle)
            {
                return new HttpResponseMessage(HttpStatusCode.TooManyRequests);
            }

            if (Objection(token) is { } objection)
            {
                if (objection == "used before" && Rules.Reuse is ReuseMode.RevokeFamily)
                {
                    (family.Revoked, family.RevokedBy) = ("reuse", presentation);
                }

                return Refusal();
            }

            token.SpentAt ??= time.GetUtcNow();
            presentation.GrantedAt = time.GetUtcNow();
            family.Newest = Issue(family, Rules.RefreshTokenLifetime, presentation);
            return Json(HttpStatusCode.OK, new JsonObject
            {
                ["access_token"] = Issue(family, Rules.AccessTokenLifetime, presentation).Value,
                ["token_type"] = "Bearer",
                ["expires_in"] = (int)Rules.AccessTokenLifetime.TotalSeconds,
                ["refresh_token"] = family.Newest.Value,
                ["scope"] = "accounts=ro transactions=ro offline",
            });
        }
    }

    /// <summary>Kills the family of a token.</summary>
    public HttpResponseMessage Revoke(string value, string why)
    {
        lock (_gate)
        {
            if (_tokens.TryGetValue(value, out var token))
            {
                token.Family.Revoked ??= why;
            }

            return new HttpResponseMessage(HttpStatusCode.OK);
        }
    }

    private FinxToken Issue(FinxFamily family, TimeSpan lifetime, Presentation? issuedBy)
    {
        var value = $"{Mark}{++_issued}";
        return _tokens[value] = new FinxToken(value, family, Now + lifetime, issuedBy) { IssuedAt = Now };
    }

    /// <summary>finX's documents show errors of two shapes.</summary>
    public HttpResponseMessage Refusal() => _issued % 2 == 0
        ? Json(HttpStatusCode.BadRequest, new JsonObject { ["error"] = "invalid_grant" })
        : Json(HttpStatusCode.BadRequest, new JsonObject { ["error"] = new JsonObject { ["code"] = 1000, ["data"] = new JsonObject { ["refresh_token"] = new JsonArray("Invalid.") } } });

    private static HttpResponseMessage Json(HttpStatusCode status, JsonObject body)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToJsonString()));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return new HttpResponseMessage(status) { Content = content };
    }
}
