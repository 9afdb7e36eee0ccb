using FinxFunctions.StandIns;

namespace FinxFunctions.Simulation.Tests.Staging;

/// <summary>Which remote calls go wrong, by their name and number; and a record of all of them.</summary>
internal sealed class Script
{
    private readonly List<Rule> _rules = [];
    private readonly List<string> _calls = [];

    /// <summary>The calls so far, in order: <c>connections.submit</c>, <c>schedule.upsert</c>, <c>set</c> and <c>get</c> of a secret, finX's <c>token</c>.</summary>
    public IReadOnlyList<string> Calls => _calls;

    /// <summary>Lets something happen to calls to come.</summary>
    /// <param name="skip">So many go their way first.</param>
    /// <param name="times">So many meet it.</param>
    public void On(string operation, ScriptedFault fault, int skip = 0, int times = 1) => _rules.Add(new Rule(operation, fault) { Skip = skip, Times = times });

    /// <summary>From now on nothing happens any more.</summary>
    public void Clear() => _rules.Clear();

    /// <summary>Forgets the calls so far.</summary>
    public void Forget() => _calls.Clear();

    public ScriptedFault? Next(ServiceCall call)
    {
        _calls.Add(call.Operation);
        foreach (var rule in _rules.Where(rule => rule.Operation == call.Operation && rule.Times > 0))
        {
            if (rule.Skip > 0)
            {
                rule.Skip--;
                continue;
            }

            rule.Times--;
            return rule.Mishap;
        }

        return null;
    }

    private sealed class Rule(string operation, ScriptedFault fault)
    {
        public string Operation { get; } = operation;

        public ScriptedFault Mishap { get; } = fault;

        public int Skip { get; set; }

        public int Times { get; set; }
    }
}
