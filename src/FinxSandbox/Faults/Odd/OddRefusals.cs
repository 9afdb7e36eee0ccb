using FinxSandbox.Calls;

namespace FinxSandbox.Faults.Odd;

/// <summary>Refusals of finX, of the framework below it and of the gateway before it.</summary>
internal static class OddRefusals
{
    private static readonly (string, string) Challenge = ("WWW-Authenticate", "Basic realm=\"finX\"");

    public static IEnumerable<OddAnswer> All =>
    [
        .. ((IEnumerable<int>)[200, 400, 401, 404, 410, 422, 500]).Select(status =>
            OddAnswer.Json(FormattableString.Invariant($"invalid_grant_{status}"), status, """{"error":"invalid_grant"}""")),
        OddAnswer.Json("invalid_grant_in_finx_form", 400, """{"error":{"code":1003,"message":"invalid_grant"}}"""),
        OddAnswer.Json("bad_refresh_token_200", 200, """{"error":"bad_refresh_token"}"""),
        OddAnswer.Json("refresh_token_expired", 400, """{"error":"invalid_request","error_description":"The refresh token has expired"}"""),

        OddAnswer.Json("framework_400", 400, """{"status":400,"error":"Bad Request"}"""),
        OddAnswer.Json("framework_401", 401, """{"timestamp":"2026-11-28T09:00:00Z","status":401,"error":"Unauthorized","path":"/auth/token"}""", Challenge),
        OddAnswer.Json("framework_403", 403, """{"status":403,"error":"Forbidden","path":"/auth/token"}"""),
        OddAnswer.Json("gateway_403", 403, """{"error":{"code":403,"message":"caller ip not allowed"}}"""),
        OddAnswer.Whole("html_403", _ => Answer.Html(403, "<html>Forbidden</html>")),

        OddAnswer.Json("finx_1003", 401, FinX("1003")),
        OddAnswer.Json("finx_1003_basic", 401, FinX("1003"), Challenge),
        OddAnswer.Json("finx_1004_text", 401, FinX("\"1004\""), Challenge),
        OddAnswer.Json("finx_1007", 403, FinX("1007")),
        OddAnswer.Json("finx_1010", 403, FinX("1010")),
        OddAnswer.Json("finx_10002", 400, """{"error":{"code":10002,"group":"user"}}"""),
        OddAnswer.Json("invalid_client_capitals", 401, """{"error":"INVALID_CLIENT"}""", Challenge),
        OddAnswer.Json("error_empty", 400, """{"error":{}}"""),
        OddAnswer.Json("error_half_surrogate", 400, """{"error":"\ud800"}"""),
    ];

    private static string FinX(string code) => $$$$"""{"error":{"code":{{{{code}}}},"group":"client","description":"Unauthorized","data":{}}}""";
}
