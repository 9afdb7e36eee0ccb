using FinxFunctions.Callback;
using FinxFunctions.Primitives;
using FinxFunctions.Rotation;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.StandIns;
using FinxFunctions.State;

namespace FinxFunctions.Simulation.Tests.Rotation;

/// <summary>A process that is told to stop presents no more tokens, and leaves no lease that costs a replay.</summary>
public sealed class StopTests
{
    private readonly Scenario _scenario = new(ReuseMode.Dead, ("Tokens:Replays", "0"));
    private readonly string _id;
    private readonly Secret _token;

    public StopTests()
    {
        _id = _scenario.Connect();
        _token = _scenario.Pair(_id).RefreshToken!;
    }

    [Fact]
    public void After_the_stop_began_no_lease_is_taken()
    {
        Stop();

        var outcome = Assert.IsType<RotationOutcome.TryLater>(_scenario.Refresh(_id));

        Assert.Equal(TryLaterCause.Busy, outcome.Cause);
        Assert.Null(_scenario.Snapshot(_id).Lease);
        Assert.Equal(0, _scenario.Presentations(_token));
    }

    [Fact]
    public void A_lease_that_was_taken_before_is_free_at_once_and_costs_no_replay()
    {
        _scenario.Script.On("connections.submit", ScriptedFault.After(() => Stop()));

        Assert.IsType<RotationOutcome.TryLater>(_scenario.Refresh(_id));

        var lease = _scenario.Snapshot(_id).Lease!;
        Assert.False(lease.Unanswered);
        Assert.True(lease.ExpiresAt <= _scenario.Now);
        var other = _scenario.OtherProcess(("Tokens:Replays", "0"));
        Assert.IsType<RotationOutcome.Rotated>(other.Recover(_id));
        Assert.Equal((2, 1), (other.Connection(_id).Generation, other.Presentations(_token)));
    }

    [Fact]
    public void The_next_tick_of_another_process_finds_it()
    {
        _scenario.Script.On("connections.submit", ScriptedFault.After(() => Stop()));
        _scenario.Refresh(_id);
        _scenario.Settle();
        var other = _scenario.OtherProcess(("Tokens:Replays", "0"));

        other.Tick();

        Assert.Equal(2, other.Connection(_id).Generation);
    }

    [Fact]
    public void A_token_that_was_presented_is_waited_for()
    {
        _scenario.Script.On("token", ScriptedFault.Late(TimeSpan.FromSeconds(20)));
        var refresh = _scenario.BeginRefresh(_id);
        _scenario.Pass(TimeSpan.FromSeconds(1));

        Stop();

        Assert.IsType<RotationOutcome.Rotated>(_scenario.Await(refresh));
        Assert.Equal(2, _scenario.Connection(_id).Generation);
    }

    [Fact]
    public void A_code_is_exchanged_by_the_next_process()
    {
        var query = _scenario.Finish(_scenario.CreateLink(_id));
        _scenario.Script.On("connections.submit", ScriptedFault.After(() => Stop()));
        _scenario.Return(query);
        var other = _scenario.OtherProcess(("Tokens:Replays", "0"));

        var outcome = Assert.IsType<CallbackOutcome.Finished>(other.Return(query));

        Assert.Equal("connected", outcome.Outcome["status"]);
        Assert.Equal(1, other.Presentations(query.Code!));
    }

    [Fact]
    public void A_process_that_stops_takes_over_no_lease()
    {
        _scenario.Script.On("connections.submit", ScriptedFault.After(() => Stop()));
        _scenario.Refresh(_id);

        Assert.IsType<RotationOutcome.LostRace>(_scenario.Recover(_id));

        Assert.Equal("", _scenario.Snapshot(_id).Lease!.Holder);
    }

    [Fact]
    public void A_lease_that_was_held_up_before_the_token_was_presented_costs_no_replay()
    {
        _scenario.Script.On("connections.submit", ScriptedFault.Late(TimeSpan.FromSeconds(70)));

        Assert.IsType<RotationOutcome.LostRace>(_scenario.Refresh(_id));

        Assert.False(_scenario.Snapshot(_id).Lease!.Unanswered);
        Assert.IsType<RotationOutcome.Rotated>(_scenario.Recover(_id));
        Assert.Equal(1, _scenario.Presentations(_token));
    }

    private Task Stop() => _scenario.Get<BackgroundWork>().StoppingAsync(CancellationToken.None);
}
