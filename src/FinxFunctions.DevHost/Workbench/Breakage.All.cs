using FinxSandbox.Faults;
using FinxSandbox.Finx.Tokens;

namespace FinxFunctions.DevHost.Workbench;

public sealed partial record Breakage
{
    private const string NoAnswer = "finX does not answer as it should";
    private const string Refusal = "finX refuses";
    private const string Odd = "finX answers oddly";
    private const string Stores = "The stores fail";

    private static readonly TimeSpan HalfMinute = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>All of them, in the order of the page.</summary>
    public static readonly IReadOnlyList<Breakage> All =
    [
        new("finx_down", NoAnswer, "finX is down", "finX answers each call with 503. There are no new tokens, and no connection ends.",
            [.. OfFinx(new() { Kind = FaultKind.ServerError, Status = 503, Times = null })]),
        new("throttled", NoAnswer, "finX is throttling", "finX answers each call with 429, Retry-After 10 seconds. Callers are told to wait as long.",
            [.. OfFinx(new() { Kind = FaultKind.Throttle, RetryAfter = TimeSpan.FromSeconds(10), Times = null })]),
        new("finx_silent", NoAnswer, "finX is silent for 30 seconds", "finX accepts each call and never answers. Callers are asked to wait, and the connection stays.",
            [.. OfFinx(new() { Kind = FaultKind.Silence, Times = null, For = HalfMinute, DelayAfter = HalfMinute })]),
        new("answer_late", NoAnswer, "The next answer comes 35 seconds late", "The caller is asked to wait. The app listens on after its time-out, and the late answer counts.",
            new FaultRule { Kind = FaultKind.Slow, Operation = "token.refresh", DelayAfter = TimeSpan.FromSeconds(35) }),
        new("answer_lost", NoAnswer, "The next answer is lost", "finX replaces the next refresh token, and its answer never arrives. The token is presented again. If finX refuses it twice, the connection ends.",
            new FaultRule { Kind = FaultKind.DropAfter, Operation = "token.refresh" }),
        new("grace", NoAnswer, "finX forgives", "finX accepts a used refresh token again for a minute, so that a lost answer can be requested again. finX does not document whether it does so.")
        {
            Reuse = RefreshTokenReuse.Grace,
        },
        new("tokens_refused", Refusal, "finX refuses every token for a minute", "The tokens are alive all the same. finX is asked again after two seconds, and a second refusal ends a connection; but where five are refused at once, none ends.",
            new FaultRule { Kind = FaultKind.Unknown, Operation = "token.refresh", Times = null, For = Minute }),
        new("client_refused", Refusal, "finX refuses this app", "finX says that it does not know the client. An operator must act, and no connection ends.",
            new FaultRule { Kind = FaultKind.BadClient, Operation = "token.*", Times = null },
            new FaultRule { Kind = FaultKind.BadClient, Operation = "links.*", Times = null }),
        new("nodes_lag", Refusal, "finX learns of a token a second late", "A node of finX refuses tokens that another has just issued. They are tried again, and the connection stays.",
            new FaultRule { Kind = FaultKind.Unknown, Operation = "data.*", YoungerThan = TimeSpan.FromSeconds(1), Times = null },
            new FaultRule { Kind = FaultKind.Unknown, Operation = "token.*", YoungerThan = TimeSpan.FromSeconds(1), Times = null }),
        new("maintenance", Odd, "finX shows a maintenance page", "finX answers each call with 200 and a page. Nobody knows whether it acted. Callers are asked to wait, and the connection stays.",
            [.. OfFinx(new() { Kind = FaultKind.Answer, Odd = "maintenance_page", Times = null })]),
        new("answer_odd", Odd, "The next answer is odd, but good", "A byte in it is no UTF-8. The tokens in it are read all the same.",
            new FaultRule { Kind = FaultKind.Answer, Odd = "latin1_byte", Operation = "token.refresh" }),
        new("answer_unreadable", Odd, "The next answer cannot be read", "finX replaces the token, and its answer has an unknown form. The answer is kept encrypted, and the token is presented again. If finX refuses it twice, the connection ends.",
            new FaultRule { Kind = FaultKind.Answer, Odd = "wrapped_in_data", Operation = "token.refresh" }),
        new("vault_down", Stores, "Key Vault is down", "Refresh tokens cannot be read, so none is presented. An access token that is in memory is served on, and no connection ends.",
            new FaultRule { Kind = FaultKind.ServerError, Status = 503, Operation = "vault.*", Times = null }),
        new("vault_full", Stores, "Key Vault takes no new secrets", "A new token pair stays encrypted in the lease row and is served from there. When the lease has expired, the next process resumes from there, as after a crash.",
            new FaultRule { Kind = FaultKind.Answer, Odd = "vault_throttled", Operation = "vault.set", Times = null }),
        new("vault_silent", Stores, "Key Vault is silent for a minute", "Key Vault accepts each call and never answers. Callers are told so soon, and no connection ends.",
            new FaultRule { Kind = FaultKind.Silence, Operation = "vault.*", Times = null, For = Minute, DelayAfter = Minute }),
        new("table_restored", Stores, "The table goes back in time", "Switched off, this puts the table back to what it was when it was switched on. The newer pair is found in Key Vault, and no old token is presented.")
        {
            RestoresTable = true,
        },
    ];

    private static IEnumerable<FaultRule> OfFinx(FaultRule rule) =>
        ((IEnumerable<string>)["token.*", "links.*", "data.*"]).Select(operation => rule with { Operation = operation });
}
