using System.Globalization;
using FinxFunctions.Tests.Faults.Proof;

namespace FinxFunctions.Tests.Faults.RemoteCalls;

/// <summary>The calls that a host made for one operation, including background work.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Calls">All of them.</param>
/// <param name="Chain">The longest chain of calls one after the other that the caller waited for.</param>
internal sealed record RemoteCalls(string Operation, IReadOnlyList<ProxiedCall> Calls, IReadOnlyList<ProxiedCall> Chain)
{
    public const string Head = "| operation | tables | audit | vault | finX | all | one after the other |\n|---|--:|--:|--:|--:|--:|---|";

    public int Tables => Calls.Count(IsTable);

    public int Audit => Calls.Count(call => call.IsAudit);

    public int VaultReads => Calls.Count(call => call is { Service: "vault", Method: "GET" });

    public int VaultSets => Calls.Count(call => call is { Service: "vault", Method: "PUT" });

    public int Finx => Calls.Count(call => call.Service == "finx");

    /// <summary>How many calls a caller waits for, one after the other, to tables, the vault, finX. The audit trail is not a part of the work.</summary>
    public (int Tables, int Vault, int Finx) Depth => (Chain.Count(IsTable), Chain.Count(call => call.Service == "vault"), Chain.Count(call => call.Service == "finx"));

    /// <summary>Judges calls each of which was held up for the same time: those that wait for each other do not overlap then.</summary>
    /// <param name="answeredAt">When the caller had its answer.</param>
    public static RemoteCalls Of(string operation, IReadOnlyList<ProxiedCall> calls, long answeredAt)
    {
        // Among chains of the same length, the one with the fewest calls to our tables: what runs beside a call to another service is not waited for.
        List<(ProxiedCall Last, ProxiedCall[] Chain)> chains = [];
        foreach (var call in calls.Where(call => call.ActedAt <= answeredAt).OrderBy(call => call.ActedAt))
        {
            var before = chains.Where(chain => chain.Last.ActedAt <= call.ArrivedAt).Select(chain => chain.Chain).MaxBy(Weight) ?? [];
            chains.Add((call, [.. before, call]));
        }

        return new RemoteCalls(operation, calls, chains.Select(chain => chain.Chain).MaxBy(Weight) ?? []);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {Operation} | {Tables} | {Audit} | {VaultReads + VaultSets + Calls.Count(call => call is { Service: "vault", Method: "DELETE" })} | {Finx} | {Calls.Count} | {(Chain.Count == 0 ? "none" : $"{Chain.Count}: {string.Join(", ", Chain.Select(Short))}")} |");

    private static (int Length, int Others) Weight(ProxiedCall[] chain) => (chain.Length, chain.Count(call => !IsTable(call)));

    private static bool IsTable(ProxiedCall call) => call.Service == "tables" && !call.IsAudit;

    private static string Short(ProxiedCall call) => call switch
    {
        { IsAudit: true } => "audit",
        { Service: "vault", Method: "GET" } => "secret read",
        { Service: "vault", Method: "PUT" } => "secret set",
        { Service: "vault" } => "secret deletion",
        { IsTokenCall: true } => "token call",
        { Service: "finx" } => "finX",
        { Method: "GET" } => "query",
        { IsPersist: true } => "persist",
        _ when call.Target.EndsWith("$batch", StringComparison.Ordinal) => "batch",
        _ => "row",
    };
}
