using FinxFunctions.Authorization;
using FinxFunctions.Callback;
using FinxFunctions.Connections;
using FinxFunctions.Maintenance;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.State;
using FinxFunctions.Tokens;

namespace FinxFunctions.Simulation.Tests.Exhaustive;

/// <summary>Runs the real code through one schedule, lets the timer of a third process finish what is left, and checks the invariants.</summary>
internal sealed class ScheduleRun
{
    /// <summary>The minutes between ticks afterwards: together longer than every lease, pause and window of the replay policy.</summary>
    private static readonly int[] Aftermath = [2, 2, 5, 20, 20, 60, 60];

    private static readonly TimeSpan LongerThanALease = TimeSpan.FromMinutes(3);

    private readonly Scenario[] _processes;
    private readonly Scenario _observer;
    private readonly Schedule _schedule;
    private readonly string _id;
    private readonly CallbackQuery _query;

    private ScheduleRun(Schedule schedule)
    {
        _schedule = schedule;
        _observer = new Scenario();
        _id = _observer.Connect();
        _observer.Pass(TimeSpan.FromMinutes(61));
        _query = _observer.Finish(_observer.CreateLink(_id));
        if (schedule.First is Work.Tick)
        {
            _observer.MakeDue(_id);
        }

        _processes = [_observer.OtherProcess(), _observer.OtherProcess()];
        _processes[1].ClockOffset = schedule.Skew;

        // Two leases that begin at the same moment have different ends by their jitter.
        (_processes[0].Random.Value, _processes[1].Random.Value) = (0.25, 0.75);
        _observer.Script.Forget();
    }

    /// <summary>How many calls each process makes.</summary>
    public (int First, int Second) Calls => (_processes[0].Script.Calls.Count, _processes[1].Script.Calls.Count);

    /// <summary>Runs a schedule.</summary>
    /// <returns>What was broken; null where nothing was.</returns>
    public static (string? Broken, (int First, int Second) Calls) Of(Schedule schedule)
    {
        var run = new ScheduleRun(schedule);
        try
        {
            return (run.Run(), run.Calls);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return ($"{exception.GetType().Name}: {exception.Message}", run.Calls);
        }
        finally
        {
            foreach (var process in run._processes.Append(run._observer))
            {
                process.Free();
            }
        }
    }

    private string? Run()
    {
        foreach (var fault in _schedule.Faults)
        {
            var process = _processes[fault.Process];
            process.Script.OnCall(fault.Call, FaultOf(fault.Kind, process));
        }

        _processes[0].Script.WhenCalled(_schedule.Offset, () => Begin(_processes[1], _schedule.Second));
        Begin(_processes[0], _schedule.First);
        _observer.Pass(TimeSpan.FromSeconds(30));
        foreach (var minutes in Aftermath)
        {
            _observer.Pass(TimeSpan.FromMinutes(minutes));
            _observer.Tick();
        }

        return Check();
    }

    private void Begin(Scenario process, Work work)
    {
        switch (work)
        {
            case Work.GetToken:
                _ = process.Begin((AccessTokenProvider tokens) => tokens.GetAsync(Caller.WithKey.Id, _id, AccessRequest.Default, CancellationToken.None));
                break;
            case Work.Return:
                _ = process.Begin((CallbackService callback) => callback.HandleAsync(_query, CancellationToken.None));
                break;
            case Work.Delete:
                _ = process.Begin((ConnectionService connections) => connections.DeleteAsync(Caller.WithKey, _id, CancellationToken.None));
                break;
            case Work.Tick:
                _ = process.Begin(async (RotationTimer timer) =>
                {
                    await timer.TickAsync(CancellationToken.None);
                    return true;
                });
                break;
        }
    }

    private static ScriptedFault FaultOf(FaultKind kind, Scenario process) => kind switch
    {
        FaultKind.CrashBefore => ScriptedFault.Kills(acts: false),
        FaultKind.CrashAfter => ScriptedFault.Kills(acts: true),
        FaultKind.Freeze => ScriptedFault.After(() => process.Freeze(LongerThanALease)),
        FaultKind.AnswerLost => ScriptedFault.AnswerLost(),
        FaultKind.Silence => ScriptedFault.Silent(),
        _ => ScriptedFault.Late(TimeSpan.FromSeconds(2)),
    };

    private string? Check()
    {
        if (_observer.Find(_id) is not { } snapshot)
        {
            return "the connection is gone";
        }

        var connection = snapshot.Connection;
        if (snapshot.Lease is not null)
        {
            return $"I5: a lease is left ({snapshot.Lease.Kind})";
        }

        var isDeleted = _schedule.First is Work.Delete || _schedule.Second is Work.Delete;
        return connection.Status switch
        {
            ConnectionStatus.Deleted => isDeleted ? CheckDeleted() : "I9: it was deleted",
            ConnectionStatus.Active => CheckActive(connection),
            _ => CheckEnded(connection),
        };
    }

    // I8: an active connection can be refreshed.
    private string? CheckActive(Connection connection)
    {
        _observer.Pass(TimeSpan.FromMinutes(90));
        return _observer.GetToken(_id) is AccessResult.Granted { Pair: var pair } && _observer.Finx.Honours(pair.AccessToken.Reveal())
            ? null
            : $"I8: it is active at generation {connection.Generation} and its token is dead";
    }

    // I7: an ended connection's token is dead at finX.
    private string? CheckEnded(Connection connection)
    {
        var token = _observer.Finx.Find(_observer.Pair(_id).RefreshToken!.Reveal())!;
        return _observer.Finx.Objection(token) is null ? $"I7: it ended ({connection.Reason}) and its token is alive"
            : IsLossPossible ? null
            : $"I2: it ended ({connection.Reason}) though no answer of finX could be lost";
    }

    // I9: nothing of a deleted connection is left.
    private string? CheckDeleted() => _observer.Vaults.Any(vault => vault.Names.Any(name => name.Contains(_id, StringComparison.Ordinal))) ? "I9: a secret is left" : null;

    /// <summary>Whether a process could lose an answer: it died, stood still or got no answer around the call to finX.</summary>
    private bool IsLossPossible => _schedule.Faults.Any(fault => fault.Kind is not FaultKind.Late && IsAroundFinx(_processes[fault.Process].Script.Calls, fault.Call));

    /// <summary>Whether a call is the presentation of a token, or the write after it.</summary>
    private static bool IsAroundFinx(IReadOnlyList<string> calls, int number) =>
        number < calls.Count && (calls[number] is "token" || (number > 0 && calls[number - 1] is "token"));
}
