using FinxSandbox.Faults;

namespace FinxFunctions.Tests.Faults;

/// <summary>One of each kind of fault, at one call.</summary>
public static class Fault
{
    /// <summary>Longer than the tests' <c>Finx__TokenTimeout</c> and <c>Finx__DataTimeout</c>.</summary>
    private static readonly TimeSpan TooLong = TimeSpan.FromSeconds(2.5);

    /// <summary>The patience that the tests give the app.</summary>
    public static Dictionary<string, string?> Impatience => new() { ["Finx:TokenTimeout"] = "00:00:01", ["Finx:DataTimeout"] = "00:00:01", ["Tokens:Lease"] = "00:00:30" };

    public static FaultRule At(string operation, string kind) => kind switch
    {
        "refuse" => Rule(operation, FaultKind.Refuse) with { Body = """{"error":{"code":1003,"group":"client","data":{}}}""" },
        "refuse-client" => Rule(operation, FaultKind.Refuse) with { Status = 401, Body = """{"error":{"code":1004,"group":"client"}}""" },
        "forbid" => Rule(operation, FaultKind.Refuse) with { Status = 403 },
        "throttle" => Rule(operation, FaultKind.Throttle) with { RetryAfter = TimeSpan.FromSeconds(1) },
        "server-error" => Rule(operation, FaultKind.ServerError),
        "drop-before" => Rule(operation, FaultKind.DropBefore),
        "drop-after" => Rule(operation, FaultKind.DropAfter),
        "slow" => Rule(operation, FaultKind.Slow) with { DelayAfter = TooLong },
        "malformed" => Rule(operation, FaultKind.Malformed),
        "missing-access-token" => Rule(operation, FaultKind.MissingFields) with { Fields = ["access_token"] },
        "missing-refresh-token" => Rule(operation, FaultKind.MissingFields) with { Fields = ["refresh_token"] },
        "missing-expires-in" => Rule(operation, FaultKind.MissingFields) with { Fields = ["expires_in", "token_type", "scope"] },
        "missing-id" => Rule(operation, FaultKind.MissingFields) with { Fields = ["id"] },
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static FaultRule Rule(string operation, FaultKind kind) => new() { Kind = kind, Operation = operation };
}
