using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace FinxFunctions.Tests.Faults.Proof;

/// <summary>One call of a host to something it depends on, as the <see cref="Proxy"/> saw it.</summary>
/// <param name="number">Order of arrival since <see cref="Proxy.Restart"/>, from 1.</param>
/// <param name="process">The process that called; null where it is unknown.</param>
/// <param name="service"><c>finx</c>, <c>vault</c> or <c>tables</c>.</param>
internal sealed partial class ProxiedCall(int number, int? process, string service, string method, string target, byte[] body)
{
    public int Number { get; } = number;

    public int? Process { get; } = process;

    public string Service { get; } = service;

    public string Method { get; } = method;

    /// <summary>Path and query as they came.</summary>
    public string Target { get; } = target;

    public string Body { get; } = Encoding.UTF8.GetString(body);

    /// <summary>By <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public long ArrivedAt { get; } = Stopwatch.GetTimestamp();

    /// <summary>Whether its caller was still there when the answer was passed on.</summary>
    public bool IsDelivered { get; set; }

    /// <summary>When the answer was passed on, or the call dropped.</summary>
    public long? EndedAt { get; set; }

    /// <summary>What the dependency answered; null where the call never reached it.</summary>
    public int? Status { get; set; }

    public string Answer { get; set; } = "";

    /// <summary>When the dependency had acted.</summary>
    public long? ActedAt { get; set; }

    /// <summary>A batch that failed is answered 202, with the failure inside.</summary>
    public bool HasSucceeded => Status is >= 200 and < 300 && !(Status == 202 && Answer.Contains("HTTP/1.1 4", StringComparison.Ordinal));

    /// <summary>What was called, without what differs from run to run.</summary>
    public string Name => $"{Service} {Method} {Shape()}";

    public bool IsTokenCall => Service == "finx" && Target.EndsWith("/auth/token", StringComparison.Ordinal);

    /// <summary>Whether it adds to the audit trail, which has tables of its own.</summary>
    public bool IsAudit => Service == "tables" && AuditTable().IsMatch(Target);

    /// <summary>Whether it writes down finX's answer: what step 3 of the protocol does.</summary>
    public bool IsPersist => Service == "tables" && Method == "PUT" && Target.Contains("RowKey='claim'", StringComparison.Ordinal) && Body.Contains("\"AnswerKey\"", StringComparison.Ordinal);

    /// <summary>Whether it was under way at the same time.</summary>
    public bool Overlaps(ProxiedCall other) => other != this && ArrivedAt < (other.EndedAt ?? long.MaxValue) && other.ArrivedAt < (EndedAt ?? long.MaxValue);

    public override string ToString() => $"{Number,3} {Name} -> {Status?.ToString() ?? "never arrived"}";

    private string Shape()
    {
        var path = Target.Split('?')[0];
        return Service switch
        {
            "tables" when path.EndsWith("$batch", StringComparison.Ordinal) => $"batch {string.Join('+', BatchedRow().Matches(Body).Select(row => $"{row.Groups[1].Value} {row.Groups[2].Value}"))}",
            "tables" => RowKey().Replace(path[(path.IndexOf('/', 1) + 1)..], key => key.Groups[1].Value is "claim" or "connection" ? $"({key.Groups[1].Value})" : ""),
            "vault" => SecretVersion().Replace(path, "/secrets/connection"),
            _ => path,
        };
    }

    [GeneratedRegex(@"^(POST|PUT|MERGE|DELETE|PATCH) \S*?/connections(?:\(PartitionKey='[^']*',RowKey='([a-z]+)[^']*'\))? ", RegexOptions.Multiline)]
    private static partial Regex BatchedRow();

    [GeneratedRegex(@"^/[^/]+/audit\d+")]
    private static partial Regex AuditTable();

    [GeneratedRegex(@"\(PartitionKey='[^']*',RowKey='([^']*)'\)")]
    private static partial Regex RowKey();

    [GeneratedRegex(@"/secrets/connection-.*")]
    private static partial Regex SecretVersion();
}
