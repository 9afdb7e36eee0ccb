using System.IO.Enumeration;
using FinxSandbox.Calls;
using FinxSandbox.Faults.Odd;

namespace FinxSandbox.Faults;

/// <summary>The active faults in the order in which they were added. A call has the first fault that matches.</summary>
public sealed class FaultRules
{
    /// <summary>A Key Vault client's first call, without token, that only asks for the challenge.</summary>
    internal const string Challenge = "vault.challenge";

    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private readonly List<ActiveFault> _rules = [];
    private int _lastId;

    internal FaultRules(TimeProvider clock) => _clock = clock;

    /// <summary>The names that <see cref="FaultRule.Odd"/> can have.</summary>
    public static IReadOnlyCollection<string> OddAnswers => [.. OddAnswer.All.Keys];

    /// <summary>All rules, including those used up.</summary>
    public IReadOnlyList<ActiveFault> Active
    {
        get
        {
            lock (_gate)
                return [.. _rules];
        }
    }

    /// <exception cref="ArgumentException">The rule contradicts itself, or names an odd answer that is not there.</exception>
    public ActiveFault Add(FaultRule rule)
    {
        Check(rule);
        lock (_gate)
        {
            var fault = new ActiveFault($"F{++_lastId}", rule, _clock.GetUtcNow());
            _rules.Add(fault);
            return fault;
        }
    }

    /// <summary>Whether a rule will still apply to calls.</summary>
    public bool IsActive(ActiveFault fault)
    {
        lock (_gate)
            return _rules.Contains(fault) && fault.Remaining is not <= 0 && !fault.IsOver(_clock.GetUtcNow());
    }

    public bool Remove(string id) => RemoveWhere(fault => fault.Id == id);

    public void Clear() => RemoveWhere(_ => true);

    internal ActiveFault? Take(Call call)
    {
        lock (_gate)
        {
            var now = _clock.GetUtcNow();
            return _rules.FirstOrDefault(fault => fault.IsInTime(now) && Matches(fault.Rule, call) && fault.Claim());
        }
    }

    private bool RemoveWhere(Predicate<ActiveFault> condition)
    {
        lock (_gate)
        {
            var removed = _rules.FindAll(condition);
            foreach (var fault in removed)
            {
                _rules.Remove(fault);
                fault.Remove();
            }
            return removed.Count > 0;
        }
    }

    // A rule for PUT /secrets/* means the set, not the challenge before it.
    private static bool Matches(FaultRule rule, Call call)
    {
        var entry = call.Entry;
        return (rule.Operation is { } operation ? Like(operation, entry.Operation) : entry.Operation != Challenge)
            && (rule.Method is null || rule.Method.Equals(entry.Method, StringComparison.OrdinalIgnoreCase))
            && (rule.Path is null || Like(rule.Path, entry.Path))
            && (rule.User is null || rule.User == entry.UserId)
            && (rule.Token is null || rule.Token == entry.Presented)
            && (rule.YoungerThan is null || call.TokenAge < rule.YoungerThan)
            && (rule.Reused is not { } reused || reused == entry.CallOnConnection > 1);
    }

    private static bool Like(string pattern, string text) => FileSystemName.MatchesSimpleExpression(pattern, text);

    private static void Check(FaultRule rule)
    {
        if (rule is { Odd: not null, Kind: not FaultKind.Answer })
            throw new ArgumentException($"An odd answer is of kind answer, not {rule.Kind}.");
        if (rule.Odd is { } name && !OddAnswer.All.ContainsKey(name))
            throw new ArgumentException($"There is no odd answer '{name}'. GET /sandbox/answers lists them.");
        if (rule is { Odd: { } changing, Acts: false } && OddAnswer.All[changing].IsMadeOfRight)
            throw new ArgumentException($"'{changing}' is made of the right answer, so that the call must act.");
        if (rule is { Kind: FaultKind.Slow or FaultKind.Malformed or FaultKind.MissingFields, Acts: false })
            throw new ArgumentException($"A fault of kind {rule.Kind} acts.");
        if (rule.Probability is not (>= 0 and <= 1))
            throw new ArgumentException("probability is from 0 to 1.");
        if (rule.CutAfter < 0 || rule.StallAfter < 0 || rule is { CutAfter: not null, StallAfter: not null })
            throw new ArgumentException("cut_after or stall_after is a number of bytes; a rule has one of them.");
    }
}
