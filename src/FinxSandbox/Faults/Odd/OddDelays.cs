using FinxSandbox.Calls;

namespace FinxSandbox.Faults.Odd;

/// <summary>Answers of a finX that has no time, is under maintenance, or fails.</summary>
internal static class OddDelays
{
    private const string Busy = """{"error":{"code":1008,"group":"client"}}""";

    public static IEnumerable<OddAnswer> All =>
    [
        OddAnswer.Json("rate_limit_403", 403, """{"error":"rate_limit_exceeded"}""", ("Retry-After", "30")),
        OddAnswer.Json("busy_400_text", 400, """{"error":{"code":"1008"}}"""),
        OddAnswer.Json("throttled_seconds", 429, Busy, ("Retry-After", "30")),
        OddAnswer.Whole("throttled_date", now => Throttled(429, FaultAnswer.HttpDate(now.AddSeconds(30)))),
        OddAnswer.Json("unavailable_seconds", 503, "", ("Retry-After", "30")),
        OddAnswer.Whole("unavailable_date", now => Throttled(503, FaultAnswer.HttpDate(now.AddSeconds(30)))),
        OddAnswer.Whole("unavailable_past_date", now => Throttled(503, FaultAnswer.HttpDate(now.AddHours(-2)))),
        OddAnswer.Json("retry_after_absurd", 503, "", ("Retry-After", "99999999999")),
        OddAnswer.Json("retry_after_negative", 503, "", ("Retry-After", "-30")),
        OddAnswer.Json("retry_after_words", 503, "", ("Retry-After", "in a while")),

        OddAnswer.Json("maintenance_400", 400, """{"error":"maintenance"}"""),
        OddAnswer.Whole("maintenance_page", _ => Answer.Html(200, "<!doctype html><html lang=\"en\"><title>finX</title><p>Back soon</p></html>")),
        OddAnswer.Whole("maintenance_503", _ => Answer.Html(503, "<!doctype html><html lang=\"en\"><title>finX</title><p>Back soon</p></html>")),
        OddAnswer.Whole("redirect_302", _ => Answer.Empty(302).With("Location", "https://elsewhere.example/")),
        OddAnswer.Whole("bad_gateway_502", _ => Answer.Html(502, "<html>Bad Gateway</html>")),
        OddAnswer.Whole("not_implemented_501", _ => Answer.Html(501, "<html>Not Implemented</html>")),
        OddAnswer.Whole("error_body_stalls", _ => Answer.Text(500, "application/json", "{" + new string(' ', 98) + "}") with { Sent = 1, Stalls = true }),
        OddAnswer.Whole("closed_before_body", _ => Answer.Text(200, "application/json", new string(' ', 50)) with { Sent = 0 }),
    ];

    private static Answer Throttled(int status, string retryAfter) => Answer.Text(status, "application/json", Busy).With("Retry-After", retryAfter);
}
