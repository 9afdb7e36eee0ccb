namespace FinxFunctions.Finx;

/// <summary>The words in which token endpoints refuse (RFC 6749, section 5.2, and what vendors made of it). What is not known is none of them.</summary>
public static class TokenWords
{
    private static readonly HashSet<string> Dead = ["invalidgrant", "invalidtoken", "invalidrefreshtoken", "badrefreshtoken", "expiredtoken", "tokenexpired", "refreshtokenexpired", "tokenrevoked", "refreshtokenrevoked"];
    private static readonly HashSet<string> Subjects = ["token", "grant", "code"];
    private static readonly HashSet<string> Kinds = ["refresh", "authorization", "auth", "verification", "already"];
    private static readonly HashSet<string> Faults = ["invalid", "bad", "expired", "revoked", "unknown", "used", "reused", "reuse", "replayed", "consumed", "spent", "inactive", "superseded", "wrong"];
    private static readonly HashSet<string> Negated = ["found", "valid", "active", "recognized", "recognised", "known", "exist", "exists"];
    private static readonly HashSet<string> Fillers = ["the", "a", "this", "your", "is", "has", "was", "been", "does", "or", "and", "before", "any", "more", "detected", "provided", "presented", "given", "supplied"];

    private static readonly HashSet<string> Client = ["unauthorizedclient", "unsupportedgranttype", "invalidscope", "invalidclient"];
    private static readonly HashSet<string> ClientFaults = [.. Faults, "unauthorized", "disabled", "suspended", "blocked", "failed", "not", "found", "forbidden"];
    private static readonly HashSet<string> ClientParts = ["client", "id", "secret", "credential", "credentials", "authorization", "authentication", "auth", "or"];

    private static readonly HashSet<string> Later =
    [
        "temporarilyunavailable", "servererror", "slowdown", "serviceunavailable", "unavailable", "toomanyrequests", "throttled", "throttling", "internalservererror",
        "internalerror", "gatewaytimeout", "badgateway", "timeout", "requesttimeout", "resourcebusy", "busy", "overloaded", "tryagain", "tryagainlater", "quotaexceeded", "serverbusy", "serviceoverloaded",
    ];

    private static readonly HashSet<string> Request = ["invalidrequest", "badrequest"];
    private static readonly HashSet<string> Status = ["unauthorized", "forbidden", "badrequest", "notfound", "methodnotallowed", "gone", "conflict", "unprocessableentity", "unprocessablecontent"];

    /// <summary>Whether a name says that the presented token is worth nothing: <c>invalid_grant</c>, <c>expired_token</c>, <c>Refresh token revoked</c>.</summary>
    public static bool IsDead(string name) => Dead.Contains(Spelling.Of(name)) || Says(Spelling.WordsOf(name), [], Subjects);

    /// <summary>Whether a sentence says so: <c>The refresh token has expired.</c></summary>
    public static bool IsDeadSentence(string sentence) => Says(Spelling.WordsOf(sentence), Fillers, Subjects);

    /// <summary>Whether a complaint about the field of the token says so. It need not name the token again: <c>Invalid.</c></summary>
    public static bool IsDeadComplaint(string complaint) => Says(Spelling.WordsOf(complaint), Fillers, null);

    public static bool IsClient(string name) =>
        Client.Contains(Spelling.Of(name))
        || (Spelling.WordsOf(name) is var words && words.Contains("client") && words.Any(ClientFaults.Contains) && words.All(word => ClientParts.Contains(word) || ClientFaults.Contains(word)));

    /// <summary>Whether a name says that nothing was done for a reason that passes: <c>slow_down</c>, or anything with a rate limit in it.</summary>
    public static bool IsLater(string name) =>
        Later.Contains(Spelling.Of(name)) || (Spelling.WordsOf(name) is var words && words.Contains("rate") && words.Any(word => word is "limit" or "limited" or "limiting" or "exceeded"));

    /// <summary>Whether a name finds fault with the form of the request.</summary>
    public static bool IsRequest(string name) => Request.Contains(Spelling.Of(name));

    /// <summary>Whether a name repeats the HTTP status, as a framework's page does.</summary>
    public static bool IsStatus(string name) => Status.Contains(Spelling.Of(name));

    /// <summary>Whether words name one of the subjects and a fault, and say nothing else.</summary>
    private static bool Says(IReadOnlyList<string> words, HashSet<string> fillers, HashSet<string>? subjects)
    {
        var (hasSubject, hasFault) = (subjects is null, false);
        for (var at = 0; at < words.Count; at++)
        {
            var next = at + 1 < words.Count ? words[at + 1] : "";
            if ((words[at] == "not" && Negated.Contains(next)) || (words[at] == "no" && next == "longer" && at + 2 < words.Count && Negated.Contains(words[at + 2])))
            {
                at += words[at] == "no" ? 2 : 1;
                hasFault = true;
            }
            else if (Faults.Contains(words[at]))
            {
                hasFault = true;
            }
            else if (Subjects.Contains(words[at]))
            {
                hasSubject = true;
            }
            else if (!Kinds.Contains(words[at]) && !fillers.Contains(words[at]))
            {
                return false;
            }
        }

        return hasSubject && hasFault;
    }
}
