using Finx.Callback;
using Finx.Connections;
using Finx.Links;
using Finx.Tokens;
using FinxFunctions.Simulation.Tests.Staging;

namespace FinxFunctions.Simulation.Tests.Callback;

/// <summary>The user's return from the widget.</summary>
public sealed class CallbackServiceTests
{
    private readonly Stage _stage = new();

    [Fact]
    public void A_success_connects_and_says_so_to_the_caller()
    {
        using var callbacks = _stage.Metric<long>("finx.callbacks");
        var link = _stage.CreateLink();
        var query = _stage.Finish(link);
        var began = _stage.Now;

        var onward = Onward(_stage.Return(query));

        Assert.True(_stage.Now - began < TimeSpan.FromSeconds(0.2));
        Assert.Equal(new Dictionary<string, string> { ["connection_id"] = link.ConnectionId, ["state"] = "theirs", ["status"] = "connected" }, onward.Outcome);
        Assert.Equal($"https://app.example/banking/done?connection_id={link.ConnectionId}&state=theirs&status=connected", onward.Location.AbsoluteUri);
        Assert.Equal((LinkMode.Redirect, null), (onward.Mode, onward.Origin));
        Assert.Equal("connected", Assert.Single(callbacks.GetMeasurementSnapshot()).Tags["outcome"]);
    }

    [Fact]
    public void Four_parameters_tell_the_outcome() => Assert.Equal(["connection_id", "state", "status", "error"], CallbackOutcome.Onward.Names);

    [Fact]
    public void What_the_caller_did_not_say_is_not_said_to_it()
    {
        var link = _stage.CreateLink(state: null);

        Assert.DoesNotContain("state", Onward(_stage.Return(_stage.Finish(link))).Outcome.Keys);
    }

    [Fact]
    public void How_the_widget_was_opened_is_remembered()
    {
        var link = _stage.CreateLink(mode: LinkMode.Popup, origin: "https://app.example");

        var onward = Onward(_stage.Return(_stage.Finish(link)));

        Assert.Equal((LinkMode.Popup, "https://app.example"), (onward.Mode, onward.Origin));
    }

    [Fact]
    public void A_later_delivery_is_answered_the_same_and_nothing_is_asked_of_finX()
    {
        var link = _stage.CreateLink();
        var query = _stage.Finish(link);
        var first = Onward(_stage.Return(query));
        _stage.Settle();
        _stage.Script.Forget();

        var second = Onward(_stage.Return(query));

        Assert.Equal(first.Location, second.Location);
        Assert.Equal(["connections.query"], _stage.Script.Calls);
        Assert.Equal(1, _stage.Presentations(query.Code!));
    }

    [Fact]
    public void Deliveries_at_once_are_answered_the_same_and_the_code_is_spent_once()
    {
        var link = _stage.CreateLink();
        var query = _stage.Finish(link);
        var twin = _stage.Twin();
        _stage.Script.On("token", Mishap.Late(TimeSpan.FromSeconds(3)));

        var returns = new[] { Begin(_stage, query), Begin(_stage, query), Begin(twin, query) };

        Assert.All(returns, outcome => Assert.Equal("connected", Onward(_stage.Await(outcome)).Outcome["status"]));
        Assert.Equal(1, _stage.Presentations(query.Code!));
    }

    [Fact]
    public void Who_waits_looks_three_times_a_second_and_asks_the_browser_to_come_again_in_the_end()
    {
        var link = _stage.CreateLink();
        var query = _stage.Finish(link);
        _stage.Script.On("token", Mishap.Late(TimeSpan.FromSeconds(25)));
        _ = Begin(_stage, query);
        _stage.Pass(TimeSpan.FromSeconds(1));
        var twin = _stage.Twin();
        using var callbacks = twin.Metric<long>("finx.callbacks");
        var began = _stage.Now;

        Assert.IsType<CallbackOutcome.Unfinished>(twin.Return(query));

        Assert.InRange(_stage.Now - began, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10.4));
        Assert.InRange(twin.Script.Calls.Count(call => call == "connections.query"), 32, 34);
        Assert.DoesNotContain("connections.update", twin.Script.Calls);
        Assert.Equal("unfinished", Assert.Single(callbacks.GetMeasurementSnapshot()).Tags["outcome"]);
        Assert.DoesNotContain(61, twin.Events);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("nonsense")]
    public void A_state_that_is_none_is_unknown_and_nobody_is_asked(string? state)
    {
        using var callbacks = _stage.Metric<long>("finx.callbacks");

        Assert.IsType<CallbackOutcome.Unknown>(_stage.Return(new CallbackQuery(state, null, new Secret("c"), true, IsCancelled: false)));

        Assert.Empty(_stage.Script.Calls);
        Assert.Equal("unknown", Assert.Single(callbacks.GetMeasurementSnapshot()).Tags["outcome"]);
    }

    [Fact]
    public void A_state_of_no_connection_is_unknown()
    {
        var (_, state) = FlowState.New(ConnectionId.New());

        Assert.IsType<CallbackOutcome.Unknown>(_stage.Return(new CallbackQuery(state, null, new Secret("c"), true, IsCancelled: false)));
    }

    [Fact]
    public void A_state_of_no_link_of_a_connection_is_unknown()
    {
        var id = _stage.Connect();
        var (_, state) = FlowState.New(id);

        Assert.IsType<CallbackOutcome.Unknown>(_stage.Return(new CallbackQuery(state, null, new Secret("c"), true, IsCancelled: false)));
    }

    [Fact]
    public void Another_flows_id_is_unknown_and_none_is_no_matter()
    {
        var link = _stage.CreateLink();
        var query = _stage.Finish(link);

        Assert.IsType<CallbackOutcome.Unknown>(_stage.Return(query with { FlowId = "another" }));

        Assert.Equal("connected", Onward(_stage.Return(query with { FlowId = null })).Outcome["status"]);
    }

    [Theory]
    [InlineData(11, true)]
    [InlineData(10, false)]
    public void A_link_is_good_to_its_end(int millisecondsBefore, bool isGood)
    {
        var link = _stage.CreateLink();
        var query = _stage.Finish(link);
        _stage.Pass(link.ExpiresAt - TimeSpan.FromMilliseconds(millisecondsBefore) - _stage.Now);

        // It looks 10 ms later.
        Assert.Equal(isGood, _stage.Return(query) is CallbackOutcome.Onward);
    }

    [Fact]
    public void A_user_who_cancels_is_sent_back()
    {
        var link = _stage.CreateLink();
        var query = new CallbackQuery(_stage.Finx.Cancel(link.FlowId), link.FlowId, new Secret("c"), true, IsCancelled: true);
        _stage.Logs.Clear();
        _stage.Script.Forget();
        var began = _stage.Now;

        var onward = Onward(_stage.Return(query));

        Assert.True(_stage.Now - began < TimeSpan.FromSeconds(0.2));
        Assert.Equal(("cancelled", false), (onward.Outcome["status"], onward.Outcome.ContainsKey("error")));
        Assert.DoesNotContain("token", _stage.Script.Calls);
        Assert.Equal([60], _stage.Events);
        Assert.Equal("cancelled", Onward(_stage.Return(query)).Outcome["status"]);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(null, false)]
    public void Without_success_or_without_a_code_the_flow_failed(bool? isSuccess, bool hasCode)
    {
        var link = _stage.CreateLink();
        var query = new CallbackQuery(_stage.Finx.Cancel(link.FlowId), link.FlowId, hasCode ? new Secret("c") : null, isSuccess, IsCancelled: false);
        _stage.Script.Forget();

        var onward = Onward(_stage.Return(query));

        Assert.Equal(("failed", "widget_failed"), (onward.Outcome["status"], onward.Outcome["error"]));
        Assert.DoesNotContain("token", _stage.Script.Calls);
    }

    [Fact]
    public void A_code_without_a_word_of_success_is_a_success()
    {
        var link = _stage.CreateLink();

        Assert.Equal("connected", Onward(_stage.Return(_stage.Finish(link) with { IsSuccess = null })).Outcome["status"]);
    }

    [Fact]
    public void An_end_that_another_write_comes_before_is_written_anew()
    {
        var link = _stage.CreateLink();
        var query = new CallbackQuery(_stage.Finx.Cancel(link.FlowId), link.FlowId, null, null, IsCancelled: true);
        _stage.Script.On("connections.submit", Mishap.After(() => _stage.Twin().Change(link.ConnectionId, row => row with { Failures = 1 })));
        _stage.Logs.Clear();
        var began = _stage.Now;

        Assert.Equal("cancelled", Onward(_stage.Return(query)).Outcome["status"]);

        Assert.InRange(_stage.Now - began, TimeSpan.FromSeconds(0.3), TimeSpan.FromSeconds(0.5));
        Assert.Equal([60], _stage.Events);
        Assert.Equal(1, _stage.Connection(link.ConnectionId).Failures);
    }

    [Fact]
    public void With_the_table_down_the_browser_asks_again_and_nothing_is_lost()
    {
        var link = _stage.CreateLink();
        var query = _stage.Finish(link);
        _stage.Script.On("connections.query", Mishap.Fails());
        _stage.Logs.Clear();

        Assert.IsType<CallbackOutcome.Unfinished>(_stage.Return(query));

        Assert.Equal([61], _stage.Events);
        Assert.Equal("connected", Onward(_stage.Return(query)).Outcome["status"]);
    }

    [Fact]
    public void With_the_vault_down_the_browser_asks_again_and_nothing_is_lost()
    {
        var link = _stage.CreateLink();
        var query = _stage.Finish(link);
        var twin = _stage.Twin();
        twin.Script.On("get", Mishap.Fails());

        Assert.IsType<CallbackOutcome.Unfinished>(twin.Return(query));

        Assert.Equal("connected", Onward(twin.Return(query)).Outcome["status"]);
    }

    [Fact]
    public void A_defect_is_not_taken_for_a_store_that_is_down()
    {
        var link = _stage.CreateLink();
        var query = _stage.Finish(link);
        _stage.Script.On("connections.query", new Mishap { Failure = new InvalidOperationException("Broken.") });

        Assert.Throws<InvalidOperationException>(() => _stage.Return(query));
    }

    [Fact]
    public void What_a_crash_left_is_finished_by_the_next_delivery_at_the_end_of_the_lease()
    {
        var link = _stage.CreateLink();
        var query = _stage.Finish(link);
        _stage.Script.On("set", Mishap.Kills(acts: false));
        _ = Begin(_stage, query);
        _stage.Pass(TimeSpan.FromSeconds(1));
        var twin = _stage.Twin();
        Assert.IsType<CallbackOutcome.Unfinished>(twin.Return(query));
        Assert.DoesNotContain("connections.update", twin.Script.Calls);
        var lease = twin.Snapshot(link.ConnectionId).Claim!.LeaseUntil;
        twin.Pass(lease - twin.Now - TimeSpan.FromMilliseconds(10));
        var began = twin.Now;

        Assert.Equal("connected", Onward(twin.Return(query)).Outcome["status"]);

        Assert.True(twin.Now - began < TimeSpan.FromSeconds(0.5));
        Assert.Equal(1, twin.Presentations(query.Code!));
    }

    [Fact]
    public void A_renewal_waits_for_a_rotation_that_is_under_way()
    {
        var id = _stage.Connect();
        var link = _stage.CreateLink(id);
        var query = _stage.Finish(link);
        var twin = _stage.Twin();
        twin.Script.On("token", Mishap.Late(TimeSpan.FromSeconds(4)));
        var rotation = twin.BeginRefresh(id);
        _stage.Pass(TimeSpan.FromSeconds(1));

        Assert.Equal("connected", Onward(_stage.Return(query)).Outcome["status"]);

        Assert.IsType<RotationOutcome.Rotated>(twin.Await(rotation));
        Assert.Equal(3, _stage.Connection(id).Generation);
    }

    [Fact]
    public void A_renewal_finishes_a_rotation_that_was_left()
    {
        var id = _stage.Connect();
        var link = _stage.CreateLink(id);
        var query = _stage.Finish(link);
        var twin = _stage.Twin();
        twin.Script.On("set", Mishap.Kills(acts: false));
        _ = twin.BeginRefresh(id);
        _stage.Pass(TimeSpan.FromSeconds(100));

        Assert.Equal("connected", Onward(_stage.Return(query)).Outcome["status"]);

        Assert.Equal(3, _stage.Connection(id).Generation);
    }

    [Fact]
    public void What_a_renewal_brings_is_served_from_memory_and_a_first_pair_is_not_put_there()
    {
        var id = _stage.Connect();
        Assert.Equal(AccessSource.Cold, Assert.IsType<AccessResult.Granted>(_stage.GetToken(id)).Source);

        _stage.Return(_stage.Finish(_stage.CreateLink(id)));

        var granted = Assert.IsType<AccessResult.Granted>(_stage.GetToken(id));
        Assert.Equal((AccessSource.Warm, 2), (granted.Source, granted.Pair.Generation));
    }

    [Fact]
    public void A_failure_is_told_at_once()
    {
        var query = _stage.Finish(_stage.CreateLink());
        _stage.Script.On("token", Mishap.Refuses());
        var began = _stage.Now;

        Assert.Equal("refused", Onward(_stage.Return(query)).Outcome["error"]);

        Assert.True(_stage.Now - began < TimeSpan.FromSeconds(0.2));
    }

    [Fact]
    public void A_browser_that_goes_away_cancels_nothing()
    {
        var link = _stage.CreateLink();
        var query = _stage.Finish(link);
        using var gone = new CancellationTokenSource();
        _stage.Script.On("token", Mishap.After(gone.Cancel));

        Assert.ThrowsAny<OperationCanceledException>(() => _stage.Do((CallbackService callback) => callback.HandleAsync(query, gone.Token)));
        _stage.Settle();

        Assert.Equal(ConnectionStatus.Active, _stage.Connection(link.ConnectionId).Status);
    }

    private static Task<CallbackOutcome> Begin(Stage stage, CallbackQuery query) => stage.Begin((CallbackService callback) => callback.HandleAsync(query, CancellationToken.None));

    private static CallbackOutcome.Onward Onward(CallbackOutcome outcome) => Assert.IsType<CallbackOutcome.Onward>(outcome);
}
