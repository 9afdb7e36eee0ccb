using System.Net;
using FinxFunctions.Callback;
using FinxFunctions.KeyVault;
using FinxFunctions.Rotation;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.State;

namespace FinxFunctions.Simulation.Tests.Callback;

/// <summary>A pause is no lock: a user's fresh code goes ahead of a refresh that waits.</summary>
public sealed class PauseIsNoLockTests
{
    private readonly Scenario _scenario = new();
    private readonly string _id;
    private readonly CallbackQuery _query;

    public PauseIsNoLockTests()
    {
        _id = _scenario.Connect();
        _query = _scenario.Finish(_scenario.CreateLink(_id));
    }

    [Fact]
    public void After_a_502_with_Retry_After_of_an_hour_a_fresh_code_is_exchanged_at_once()
    {
        _scenario.Script.On("token", ScriptedFault.Answers(HttpStatusCode.BadGateway, "", TimeSpan.FromHours(1)));
        Assert.IsType<RotationOutcome.TryLater>(_scenario.Refresh(_id));
        Assert.NotNull(_scenario.Snapshot(_id).Lease);

        Connects(within: TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void After_two_resets_of_a_refresh_a_fresh_code_is_exchanged_at_once()
    {
        _scenario.Script.On("token", ScriptedFault.NoAnswer(), times: 2);
        Assert.IsType<RotationOutcome.Ambiguous>(_scenario.Refresh(_id));

        Connects(within: TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_refresh_that_its_process_left_without_an_answer_gives_way()
    {
        var other = _scenario.OtherProcess();
        other.Script.On("token", ScriptedFault.Kills(acts: false));
        _ = other.BeginRefresh(_id);
        _scenario.Pass(TimeSpan.FromSeconds(100));

        Connects(within: TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_refresh_that_is_held_does_not_give_way()
    {
        var other = _scenario.OtherProcess();
        other.Script.On("token", ScriptedFault.Late(TimeSpan.FromSeconds(5)));
        var refresh = other.BeginRefresh(_id);
        _scenario.Pass(TimeSpan.FromSeconds(1));

        Connects(within: TimeSpan.FromSeconds(6));

        Assert.IsType<RotationOutcome.Rotated>(other.Await(refresh));
        Assert.Equal(3, _scenario.Connection(_id).Generation);
    }

    [Fact]
    public void An_answer_that_is_persisted_is_finished_first()
    {
        var other = _scenario.OtherProcess();
        other.Script.On("set", ScriptedFault.Kills(acts: false));
        _ = other.BeginRefresh(_id);
        _scenario.Pass(TimeSpan.FromSeconds(100));

        Connects(within: TimeSpan.FromSeconds(1));

        Assert.Equal(3, _scenario.Connection(_id).Generation);
    }

    [Fact]
    public void Where_no_replay_is_allowed_a_refresh_without_an_answer_ends_before_the_code_is_exchanged()
    {
        var scenario = _scenario.OtherProcess(("Tokens:Replays", "0"));
        var other = scenario.OtherProcess();
        other.Script.On("token", ScriptedFault.Kills(acts: false));
        _ = other.BeginRefresh(_id);
        scenario.Pass(TimeSpan.FromSeconds(100));

        Assert.Equal("connected", Status(scenario.Return(_query)));
        scenario.Settle();

        Assert.Contains("system rotation 1 ambiguous", scenario.Records);
        Assert.Equal(ConnectionStatus.Active, _scenario.Connection(_id).Status);
    }

    [Fact]
    public void Where_the_code_is_refused_the_connection_remembers_what_the_refresh_did()
    {
        _scenario.Script.On("token", ScriptedFault.NoAnswer(), times: 2);
        var until = Assert.IsType<RotationOutcome.Ambiguous>(_scenario.Refresh(_id)).RetryAt;
        _scenario.ChangeLease(_id, lease => lease with { Unreadable = new EncryptedValue(new Uri("https://one.vault.azure.net/secrets/key/1"), [1, 2, 3]) });
        var due = _scenario.DueTimes(_id).Count;
        _scenario.Script.On("token", ScriptedFault.Refuses(), times: 2);

        Assert.Equal("failed", Status(_scenario.Return(_query)));
        _scenario.Settle();

        var connection = _scenario.Connection(_id);
        Assert.Equal((ConnectionStatus.Active, 1, true, true), (connection.Status, connection.Generation, connection.FormerPresentationUnanswered, connection.HasUnreadable));
        Assert.Equal(until, connection.RetryAt!.Value, TimeSpan.FromSeconds(1));
        Assert.Contains(_scenario.Rows("connections"), row => row.RowKey == "unreadable");
        Assert.Null(_scenario.Snapshot(_id).Lease);
        Assert.InRange(_scenario.DueTimes(_id).Count, 1, due + 1);
        _scenario.Pass(until - _scenario.Now + TimeSpan.FromSeconds(1));
        Assert.IsType<RotationOutcome.Rotated>(_scenario.Refresh(_id));
    }

    [Fact]
    public void A_refresh_that_finX_put_off_for_an_hour_is_still_put_off_after_the_code_was_refused()
    {
        _scenario.Script.On("token", ScriptedFault.Answers(HttpStatusCode.BadGateway, "", TimeSpan.FromHours(1)));
        var until = Assert.IsType<RotationOutcome.TryLater>(_scenario.Refresh(_id)).RetryAt;
        _scenario.Script.On("token", ScriptedFault.Refuses(), times: 2);

        Assert.Equal("failed", Status(_scenario.Return(_query)));

        Assert.Equal(until, _scenario.Connection(_id).RetryAt);
    }

    [Fact]
    public void A_suspended_exchange_gives_way_to_the_code_of_another_link()
    {
        var other = _scenario.Finish(_scenario.CreateLink(_id));
        _scenario.Script.On("token", ScriptedFault.Answers(HttpStatusCode.ServiceUnavailable, "", TimeSpan.FromMinutes(1)));
        Assert.IsType<CallbackOutcome.Unfinished>(_scenario.Return(other));

        Connects(within: TimeSpan.FromSeconds(1));

        Assert.Equal("connected", Status(_scenario.Return(other)));
        _scenario.Settle();
        Assert.Equal(3, _scenario.Connection(_id).Generation);
    }

    private void Connects(TimeSpan within)
    {
        var began = _scenario.Now;
        Assert.Equal("connected", Status(_scenario.Return(_query)));
        Assert.True(_scenario.Now - began < within, $"{_scenario.Now - began}");
        _scenario.Settle();
        Assert.Equal((ConnectionStatus.Active, 1), (_scenario.Connection(_id).Status, _scenario.Presentations(_query.Code!)));
    }

    private static string Status(CallbackOutcome outcome) => Assert.IsType<CallbackOutcome.Finished>(outcome).Outcome["status"];
}
