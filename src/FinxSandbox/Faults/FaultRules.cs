using System.IO.Enumeration;
using FinxSandbox.Calls;

namespace FinxSandbox.Faults;

/// <summary>The active faults in the order in which they were added. A call has the first fault that matches.</summary>
public sealed class FaultRules
{
    /// <summary>A Key Vault client's first call, without token, that only asks for the challenge.</summary>
    internal const string Challenge = "vault.challenge";

    private readonly Lock _gate = new();
    private readonly List<ActiveFault> _rules = [];
    private int _lastId;

    /// <summary>All rules, including those used up.</summary>
    public IReadOnlyList<ActiveFault> Active
    {
        get
        {
            lock (_gate)
                return [.. _rules];
        }
    }

    public ActiveFault Add(FaultRule rule)
    {
        lock (_gate)
        {
            var fault = new ActiveFault($"F{++_lastId}", rule);
            _rules.Add(fault);
            return fault;
        }
    }

    public bool Remove(string id)
    {
        lock (_gate)
            return _rules.RemoveAll(fault => fault.Id == id) > 0;
    }

    public void Clear()
    {
        lock (_gate)
            _rules.Clear();
    }

    internal ActiveFault? Take(JournalEntry call)
    {
        lock (_gate)
            return _rules.FirstOrDefault(fault => Matches(fault.Rule, call) && fault.Claim());
    }

    // A rule for PUT /secrets/* means the set, not the challenge before it.
    private static bool Matches(FaultRule rule, JournalEntry call) =>
        (rule.Operation is { } operation ? Like(operation, call.Operation) : call.Operation != Challenge)
        && (rule.Method is null || rule.Method.Equals(call.Method, StringComparison.OrdinalIgnoreCase))
        && (rule.Path is null || Like(rule.Path, call.Path));

    private static bool Like(string pattern, string text) => FileSystemName.MatchesSimpleExpression(pattern, text);
}
