using FinxSandbox.Faults;
using FinxSandbox.Finx.Tokens;

namespace FinxFunctions.DevHost.Workbench;

/// <summary>A fault of finX or Key Vault that can be switched on, to see how the app handles it.</summary>
/// <param name="Rules">The sandbox's fault rules for it.</param>
public sealed record Breakage(string Name, string Title, string Explanation, IReadOnlyList<FaultRule> Rules)
{
    public static readonly IReadOnlyList<Breakage> All =
    [
        new("finx_down", "finX is down", "finX answers each call with 503. There are no new tokens, and no connection ends.",
            [Always(FaultKind.ServerError, "token.*"), Always(FaultKind.ServerError, "links.*"), Always(FaultKind.ServerError, "data.*")]),
        new("throttled", "finX is throttling", "finX answers each call with 429, Retry-After 10 seconds.",
            [Always(FaultKind.Throttle, "token.*"), Always(FaultKind.Throttle, "links.*"), Always(FaultKind.Throttle, "data.*")]),
        new("vault_down", "Key Vault is down", "A new token pair stays encrypted in the lease row and is served from there. When the lease has expired, the next process resumes from there, as after a crash.",
            [Always(FaultKind.ServerError, "vault.*")]),
        new("answer_lost", "The next answer is lost", "finX replaces the next refresh token, and its answer never arrives. The token is presented once more. What finX answers then is final.",
            [new FaultRule { Kind = FaultKind.DropAfter, Operation = "token.refresh" }]),
        new("grace", "finX forgives", "finX accepts a used refresh token again for a minute, so that a lost answer can be requested again. finX does not document whether it does so.", [])
        {
            Reuse = RefreshTokenReuse.Grace,
        },
    ];

    /// <summary>How finX treats a used refresh token while this is on. Null changes nothing.</summary>
    public RefreshTokenReuse? Reuse { get; init; }

    private static FaultRule Always(FaultKind kind, string operation) => new()
    {
        Kind = kind,
        Operation = operation,
        Times = null,
        Status = kind is FaultKind.ServerError ? 503 : null,
        RetryAfter = kind is FaultKind.Throttle ? TimeSpan.FromSeconds(10) : null,
    };
}
