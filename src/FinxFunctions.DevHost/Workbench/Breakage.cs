using FinxSandbox.Faults;
using FinxSandbox.Finx.Tokens;

namespace FinxFunctions.DevHost.Workbench;

/// <summary>Something that can be switched on around the app, to see what it makes of it.</summary>
/// <param name="Rules">The faults that it consists of.</param>
public sealed record Breakage(string Name, string Title, string Explanation, IReadOnlyList<FaultRule> Rules)
{
    public static readonly IReadOnlyList<Breakage> All =
    [
        new("finx_down", "finX is down", "Each call is answered with 503. There are no new tokens, and no connection ends.",
            [Always(FaultKind.ServerError, "token.*"), Always(FaultKind.ServerError, "links.*"), Always(FaultKind.ServerError, "data.*")]),
        new("throttled", "finX is throttling", "Each call is answered with 429, Retry-After 10 seconds.",
            [Always(FaultKind.Throttle, "token.*"), Always(FaultKind.Throttle, "links.*"), Always(FaultKind.Throttle, "data.*")]),
        new("vault_down", "Key Vault is down", "A pair that finX gave stays sealed in the lease and is served from there; whoever finds the lease after its lease finishes it, as after a crash.",
            [Always(FaultKind.ServerError, "vault.*")]),
        new("answer_lost", "The next answer is lost", "finX replaces the next refresh token, and its answer never arrives. The token is presented once more: what finX then says is final.",
            [new FaultRule { Kind = FaultKind.DropAfter, Operation = "token.refresh" }]),
        new("grace", "finX forgives", "finX takes a used refresh token once more for a minute, so that a lost answer can be asked for again. Nobody has documented whether the real one does.", [])
        {
            Reuse = RefreshTokenReuse.Grace,
        },
    ];

    /// <summary>What finX makes of a used refresh token while this is on; null leaves it.</summary>
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
