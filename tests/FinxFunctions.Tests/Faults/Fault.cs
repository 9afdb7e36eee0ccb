using FinxFunctions.Tests.Faults.Proof;
using FinxSandbox.Faults;

namespace FinxFunctions.Tests.Faults;

/// <summary>One of each kind of fault, at one call.</summary>
public static class Fault
{
    /// <summary>Settings of an app that waits a second for finX before it gives a call up.</summary>
    /// <param name="factor">By how much the times are multiplied, for a slow machine.</param>
    public static Dictionary<string, string?> ShortTimeouts(double factor) => new()
    {
        ["Finx:TokenTimeout"] = TimeSpan.FromSeconds(factor).ToString(),
        ["Finx:DataTimeout"] = TimeSpan.FromSeconds(factor).ToString(),
    };

    /// <summary>Runs a test with a kind of fault. Only where finX is slow the app's time-outs are short; and longer if the machine is slow, too.</summary>
    /// <param name="run">The test, with settings of the app and the factor for <see cref="At"/>.</param>
    public static Task RunAsync(string kind, Func<Dictionary<string, string?>, double, Task> run) =>
        kind == "slow" ? SlowMachine.RepeatAsync(factor => run(ShortTimeouts(factor), factor)) : run([], 1);

    /// <param name="factor">By how much the times of <see cref="ShortTimeouts"/> are multiplied.</param>
    public static FaultRule At(string operation, string kind, double factor = 1) => kind switch
    {
        "refuse" => Rule(operation, FaultKind.Refuse) with { Body = """{"error":{"code":1003,"group":"client","message":"invalid_grant","data":{}}}""" },
        "refuse-client" => Rule(operation, FaultKind.Refuse) with { Status = 401, Body = """{"error":{"code":1004,"group":"client"}}""" },
        "forbid" => Rule(operation, FaultKind.Refuse) with { Status = 403 },
        "throttle" => Rule(operation, FaultKind.Throttle) with { RetryAfter = TimeSpan.FromSeconds(1) },
        "server-error" => Rule(operation, FaultKind.ServerError),
        "drop-before" => Rule(operation, FaultKind.DropBefore),
        "drop-after" => Rule(operation, FaultKind.DropAfter),
        "slow" => Rule(operation, FaultKind.Slow) with { DelayAfter = TimeSpan.FromSeconds(2.5) * factor },
        "malformed" => Rule(operation, FaultKind.Malformed),
        "missing-access-token" => Rule(operation, FaultKind.MissingFields) with { Fields = ["access_token"] },
        "missing-refresh-token" => Rule(operation, FaultKind.MissingFields) with { Fields = ["refresh_token"] },
        "missing-expires-in" => Rule(operation, FaultKind.MissingFields) with { Fields = ["expires_in", "token_type", "scope"] },
        "missing-id" => Rule(operation, FaultKind.MissingFields) with { Fields = ["id"] },
        "missing-value" => Rule(operation, FaultKind.MissingFields) with { Fields = ["value"] },
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static FaultRule Rule(string operation, FaultKind kind) => new() { Kind = kind, Operation = operation };
}
