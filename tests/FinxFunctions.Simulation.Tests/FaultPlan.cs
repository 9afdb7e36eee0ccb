using FinxFunctions.StandIns;

namespace FinxFunctions.Simulation.Tests;

/// <summary>What goes wrong and when: outages of a whole service, and bad luck of single calls. Each connection has random of its own.</summary>
internal sealed class FaultPlan
{
    private static readonly (Fault Fault, double Probability)[] AzureLuck =
    [
        (Fault.Unreachable, 0.0005), (Fault.Busy, 0.001), (Fault.RequestLost, 0.0005), (Fault.AnswerLost, 0.001), (Fault.AnswerSlow, 0.0003),
        (Fault.CrashBefore, 0.0002), (Fault.CrashAfter, 0.0002), (Fault.Freeze, 0.0001),
    ];

    private static readonly (Fault Fault, double Probability)[] FinxLuck =
    [
        (Fault.Unreachable, 0.002), (Fault.Busy, 0.005), (Fault.Failed, 0.003), (Fault.FailedLate, 0.0005), (Fault.RequestLost, 0.002), (Fault.AnswerLost, 0.001),
        (Fault.AnswerSlow, 0.002), (Fault.RequestSlow, 0.0005), (Fault.CrashBefore, 0.001), (Fault.CrashAfter, 0.0005), (Fault.Freeze, 0.0005),
    ];

    private readonly int _seed;
    private readonly int _roughness;
    private readonly List<Outage> _outages = [];
    private readonly Dictionary<string, SeededRandom> _random = [];
    private readonly Dictionary<Fault, int> _counts = [];
    private bool _isCalm;

    public FaultPlan(int seed, int roughness, DateTimeOffset from, DateTimeOffset until)
    {
        (_seed, _roughness) = (seed, roughness);
        var random = SeededRandom.Of(seed, -1);
        Plan(Service.Finx, TimeSpan.FromDays(20), TimeSpan.FromHours(2), [Fault.Unreachable, Fault.Busy, Fault.Failed, Fault.RequestLost]);
        Plan(Service.Finx, TimeSpan.FromDays(300), TimeSpan.FromDays(3), [Fault.Unreachable, Fault.Busy]);
        Plan(Service.Vault, TimeSpan.FromDays(30), TimeSpan.FromHours(2), [Fault.Unreachable, Fault.Busy]);
        Plan(Service.Tables, TimeSpan.FromDays(30), TimeSpan.FromHours(1), [Fault.Unreachable, Fault.Busy, Fault.RequestLost]);

        void Plan(Service service, TimeSpan every, TimeSpan length, Fault[] faults)
        {
            for (var at = from + random.Exponential(every); at < until; at += random.Exponential(every))
            {
                _outages.Add(new Outage(service, at, at + random.Exponential(length), random.Pick(faults)));
            }
        }
    }

    public IReadOnlyList<Outage> Outages => _outages;

    /// <summary>How often each fault struck.</summary>
    public IReadOnlyDictionary<Fault, int> Counts => _counts;

    /// <summary>Dice for what concerns one connection, numbered in the order in which they came up; "" for none.</summary>
    public SeededRandom DiceOf(string connectionId)
    {
        if (!_random.TryGetValue(connectionId, out var random))
        {
            _random[connectionId] = random = SeededRandom.Of(_seed, connectionId.Length == 0 ? -2 : _random.Count);
        }

        return random;
    }

    /// <summary>From now on nothing goes wrong any more.</summary>
    public void ClearUp() => _isCalm = true;

    /// <summary>What happens to a call.</summary>
    public Fault Strike(ServiceCall call, DateTimeOffset now)
    {
        if (_isCalm)
        {
            return Fault.None;
        }

        var fault = Over(call.Service, now) ?? Luck(DiceOf(call.ConnectionId), call.Service is Service.Finx ? FinxLuck : AzureLuck);
        _counts[fault] = _counts.GetValueOrDefault(fault) + 1;
        return fault;
    }

    public TimeSpan Latency(ServiceCall call)
    {
        var (least, most) = call.Service switch
        {
            Service.Tables => (2, 15),
            Service.Vault => (10, 60),
            _ => (80, 600),
        };
        return DiceOf(call.ConnectionId).Span(TimeSpan.FromMilliseconds(least), TimeSpan.FromMilliseconds(most));
    }

    private Fault? Over(Service service, DateTimeOffset now)
    {
        foreach (var outage in _outages)
        {
            if (outage.Service == service && outage.From <= now && now < outage.Until)
            {
                return outage.Fault;
            }
        }

        return null;
    }

    private Fault Luck(SeededRandom random, (Fault Fault, double Probability)[] table)
    {
        var thrown = random.NextDouble();
        foreach (var (fault, probability) in table)
        {
            if ((thrown -= probability * _roughness) < 0)
            {
                return fault;
            }
        }

        return Fault.None;
    }
}
