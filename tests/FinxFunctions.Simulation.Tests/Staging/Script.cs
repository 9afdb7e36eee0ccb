using FinxFunctions.StandIns;

namespace FinxFunctions.Simulation.Tests.Staging;

/// <summary>Which remote calls fail, by name and number, and a record of all of them.</summary>
internal sealed class Script
{
    private readonly List<Rule> _rules = [];
    private readonly List<string> _calls = [];
    private readonly Dictionary<int, ScriptedFault> _numbered = [];
    private readonly Dictionary<int, Action> _acts = [];

    /// <summary>The calls so far, in order: <c>connections.submit</c>, <c>schedule.upsert</c>, <c>set</c> and <c>get</c> of a secret, finX's <c>token</c>.</summary>
    public IReadOnlyList<string> Calls => _calls;

    /// <summary>Adds a fault to later calls.</summary>
    /// <param name="skip">How many calls pass first.</param>
    /// <param name="times">How many calls have the fault.</param>
    /// <param name="connection">The connection whose calls have it; null for all.</param>
    public void On(string operation, ScriptedFault fault, int skip = 0, int times = 1, string? connection = null) =>
        _rules.Add(new Rule(operation, fault) { Skip = skip, Times = times, Connection = connection });

    /// <summary>Adds a fault to one call, by its number since the calls were last forgotten.</summary>
    public void OnCall(int number, ScriptedFault fault) => _numbered[number] = fault;

    /// <summary>Does something when a call is made, by its number since the calls were last forgotten.</summary>
    public void WhenCalled(int number, Action act) => _acts[number] = act;

    /// <summary>Ends all faults.</summary>
    public void Clear()
    {
        _rules.Clear();
        _numbered.Clear();
    }

    /// <summary>Forgets the calls so far.</summary>
    public void Forget() => _calls.Clear();

    public ScriptedFault? Next(ServiceCall call)
    {
        var number = _calls.Count;
        _calls.Add(call.Operation);
        if (_acts.Remove(number, out var act))
        {
            act();
        }

        if (_numbered.Remove(number, out var numbered))
        {
            return numbered;
        }

        foreach (var rule in _rules.Where(rule => rule.Operation == call.Operation && rule.Times > 0 && (rule.Connection is null || rule.Connection == call.ConnectionId)))
        {
            if (rule.Skip > 0)
            {
                rule.Skip--;
                continue;
            }

            rule.Times--;
            return rule.Fault;
        }

        return null;
    }

    private sealed class Rule(string operation, ScriptedFault fault)
    {
        public string Operation { get; } = operation;

        public ScriptedFault Fault { get; } = fault;

        public int Skip { get; set; }

        public int Times { get; set; }

        public string? Connection { get; init; }
    }
}
