using FinxSandbox.Calls;

namespace FinxSandbox.Faults.Odd;

/// <summary>Refusals of finX's data calls.</summary>
internal static class OddData
{
    public static IEnumerable<OddAnswer> All =>
    [
        OddAnswer.Json("consent_over_401", 401, """{"error":{"code":10005,"group":"user","description":"no authorization for this account"}}"""),
        OddAnswer.Json("login_wrong_422", 422, """{"error":{"code":10000,"group":"user"}}"""),
        OddAnswer.Json("access_blocked_400", 400, """{"error":{"code":10002,"group":"user","message":"Zugang gesperrt"}}"""),
        OddAnswer.Json("daily_limit_400", 400, """{"error":{"code":1020,"group":"client"}}"""),
        OddAnswer.Json("bank_down_403", 403, """{"error":{"code":20001,"group":"bank"}}"""),
        OddAnswer.Json("bank_unreachable_400", 400, """{"error":{"code":40001,"group":"connectivity"}}"""),
        OddAnswer.Json("account_unknown_404", 404, """{"error":{"code":1002}}"""),
        OddAnswer.Whole("deploy_page_404", _ => Answer.Html(404, "<html>404</html>")),
    ];
}
