using FinxFunctions.StandIns;

namespace FinxFunctions.Simulation.Tests;

/// <summary>The faults and their times: outages of a whole service, and faults of single calls. Each connection has random numbers of its own.</summary>
internal sealed class FaultPlan
{
    private static readonly (Fault Fault, double Probability)[] AzureFaults =
    [
        (Fault.Unreachable, 0.0005), (Fault.Busy, 0.001), (Fault.RequestLost, 0.0005), (Fault.AnswerLost, 0.001), (Fault.AnswerSlow, 0.0003), (Fault.Silent, 0.0003),
        (Fault.CrashBefore, 0.0002), (Fault.CrashAfter, 0.0002), (Fault.Freeze, 0.0001),
    ];

    private static readonly (Fault Fault, double Probability)[] FinxFaults =
    [
        (Fault.Unreachable, 0.002), (Fault.Busy, 0.005), (Fault.Failed, 0.003), (Fault.FailedLate, 0.0005), (Fault.RequestLost, 0.002), (Fault.AnswerLost, 0.001),
        (Fault.AnswerSlow, 0.002), (Fault.RequestSlow, 0.0005), (Fault.CrashBefore, 0.001), (Fault.CrashAfter, 0.0005), (Fault.Freeze, 0.0005),
    ];

    private readonly int _seed;
    private readonly int _faultFactor;
    private readonly List<Outage> _outages = [];
    private readonly Dictionary<string, SeededRandom> _random = [];
    private readonly Dictionary<Fault, int> _counts = [];
    private bool _isCalm;

    public FaultPlan(int seed, int faultFactor, DateTimeOffset from, DateTimeOffset until)
    {
        (_seed, _faultFactor) = (seed, faultFactor);
        var random = SeededRandom.Of(seed, -1);
        Plan(Service.Finx, TimeSpan.FromDays(20), TimeSpan.FromHours(2), [Fault.Unreachable, Fault.Busy, Fault.Failed, Fault.RequestLost]);
        Plan(Service.Finx, TimeSpan.FromDays(300), TimeSpan.FromDays(3), [Fault.Unreachable, Fault.Busy]);
        Plan(Service.Vault, TimeSpan.FromDays(30), TimeSpan.FromHours(2), [Fault.Unreachable, Fault.Busy, Fault.Silent]);
        Plan(Service.Tables, TimeSpan.FromDays(30), TimeSpan.FromHours(1), [Fault.Unreachable, Fault.Busy, Fault.RequestLost, Fault.Silent]);

        void Plan(Service service, TimeSpan every, TimeSpan length, Fault[] faults)
        {
            for (var at = from + random.Exponential(every); at < until; at += random.Exponential(every))
            {
                _outages.Add(new Outage(service, at, at + random.Exponential(length), random.Pick(faults)));
            }
        }
    }

    public IReadOnlyList<Outage> Outages => _outages;

    /// <summary>How often each fault happened.</summary>
    public IReadOnlyDictionary<Fault, int> Counts => _counts;

    /// <summary>The random numbers of one connection; "" for calls that belong to none.</summary>
    public SeededRandom RandomOf(string connectionId)
    {
        if (!_random.TryGetValue(connectionId, out var random))
        {
            _random[connectionId] = random = SeededRandom.Of(_seed, connectionId.Length == 0 ? -2 : _random.Count);
        }

        return random;
    }

    /// <summary>Ends all faults.</summary>
    public void ClearUp() => _isCalm = true;

    /// <summary>What happens to a call.</summary>
    public Fault Strike(ServiceCall call, DateTimeOffset now)
    {
        if (_isCalm)
        {
            return Fault.None;
        }

        var fault = Over(call.Service, now) ?? Draw(RandomOf(call.ConnectionId), call.Service is Service.Finx ? FinxFaults : AzureFaults);
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
        return RandomOf(call.ConnectionId).Span(TimeSpan.FromMilliseconds(least), TimeSpan.FromMilliseconds(most));
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

    private Fault Draw(SeededRandom random, (Fault Fault, double Probability)[] table)
    {
        var thrown = random.NextDouble();
        foreach (var (fault, probability) in table)
        {
            if ((thrown -= probability * _faultFactor) < 0)
            {
                return fault;
            }
        }

        return Fault.None;
    }
}
