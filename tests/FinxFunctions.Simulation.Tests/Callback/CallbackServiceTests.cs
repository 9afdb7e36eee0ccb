using FinxFunctions.Callback;
using FinxFunctions.Links;
using FinxFunctions.Primitives;
using FinxFunctions.Rotation;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.State;
using FinxFunctions.Tokens;

namespace FinxFunctions.Simulation.Tests.Callback;

/// <summary>The user's return from the widget.</summary>
public sealed class CallbackServiceTests
{
    private readonly Scenario _scenario = new();

    [Fact]
    public void A_success_connects_and_says_so_to_the_caller()
    {
        using var callbacks = _scenario.Metric<long>("finx.callbacks");
        var link = _scenario.CreateLink();
        var query = _scenario.Finish(link);
        var began = _scenario.Now;

        var onward = Onward(_scenario.Return(query));

        Assert.True(_scenario.Now - began < TimeSpan.FromSeconds(0.2));
        Assert.Equal(new Dictionary<string, string> { ["connection_id"] = link.ConnectionId, ["state"] = "theirs", ["status"] = "connected" }, onward.Outcome);
        Assert.Equal($"https://app.example/banking/done?connection_id={link.ConnectionId}&state=theirs&status=connected", onward.Location.AbsoluteUri);
        Assert.Equal((LinkMode.Redirect, null), (onward.Mode, onward.Origin));
        Assert.Equal("connected", Assert.Single(callbacks.GetMeasurementSnapshot()).Tags["outcome"]);
    }

    [Fact]
    public void The_outcome_has_four_parameters() => Assert.Equal(["connection_id", "state", "status", "error"], FinxFunctions.Links.ReturnParameters.All);

    [Fact]
    public void A_state_that_the_caller_did_not_send_is_not_returned()
    {
        var link = _scenario.CreateLink(state: null);

        Assert.DoesNotContain("state", Onward(_scenario.Return(_scenario.Finish(link))).Outcome.Keys);
    }

    [Fact]
    public void The_mode_and_the_origin_of_the_link_are_in_the_outcome()
    {
        var link = _scenario.CreateLink(mode: LinkMode.Popup, origin: "https://app.example");

        var onward = Onward(_scenario.Return(_scenario.Finish(link)));

        Assert.Equal((LinkMode.Popup, "https://app.example"), (onward.Mode, onward.Origin));
    }

    [Fact]
    public void A_later_delivery_gets_the_same_answer_and_finX_is_not_asked()
    {
        var link = _scenario.CreateLink();
        var query = _scenario.Finish(link);
        var first = Onward(_scenario.Return(query));
        _scenario.Settle();
        _scenario.Script.Forget();

        var second = Onward(_scenario.Return(query));

        Assert.Equal(first.Location, second.Location);
        Assert.Equal(["connections.query"], _scenario.Script.Calls);
        Assert.Equal(1, _scenario.Presentations(query.Code!));
    }

    [Fact]
    public void Deliveries_at_once_get_the_same_answer_and_the_code_is_redeemed_once()
    {
        var link = _scenario.CreateLink();
        var query = _scenario.Finish(link);
        var other = _scenario.OtherProcess();
        _scenario.Script.On("token", ScriptedFault.Late(TimeSpan.FromSeconds(3)));

        var returns = new[] { Begin(_scenario, query), Begin(_scenario, query), Begin(other, query) };

        Assert.All(returns, outcome => Assert.Equal("connected", Onward(_scenario.Await(outcome)).Outcome["status"]));
        Assert.Equal(1, _scenario.Presentations(query.Code!));
    }

    [Fact]
    public void A_waiting_return_polls_three_times_a_second_and_in_the_end_the_browser_asks_again()
    {
        var link = _scenario.CreateLink();
        var query = _scenario.Finish(link);
        _scenario.Script.On("token", ScriptedFault.Late(TimeSpan.FromSeconds(25)));
        _ = Begin(_scenario, query);
        _scenario.Pass(TimeSpan.FromSeconds(1));
        var other = _scenario.OtherProcess();
        using var callbacks = other.Metric<long>("finx.callbacks");
        var began = _scenario.Now;

        Assert.IsType<CallbackOutcome.Unfinished>(other.Return(query));

        Assert.InRange(_scenario.Now - began, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10.4));
        Assert.InRange(other.Script.Calls.Count(call => call == "connections.query"), 32, 34);
        Assert.DoesNotContain("connections.update", other.Script.Calls);
        Assert.Equal("unfinished", Assert.Single(callbacks.GetMeasurementSnapshot()).Tags["outcome"]);
        Assert.DoesNotContain(61, other.Events);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("nonsense")]
    public void A_text_that_is_no_state_is_unknown_and_no_store_is_asked(string? state)
    {
        using var callbacks = _scenario.Metric<long>("finx.callbacks");

        Assert.IsType<CallbackOutcome.Unknown>(_scenario.Return(new CallbackQuery(state, null, new Secret("c"), true, IsCancelled: false)));

        Assert.Empty(_scenario.Script.Calls);
        Assert.Equal("unknown", Assert.Single(callbacks.GetMeasurementSnapshot()).Tags["outcome"]);
    }

    [Fact]
    public void A_state_of_no_connection_is_unknown()
    {
        var (_, state) = FlowState.New(ConnectionId.New());

        Assert.IsType<CallbackOutcome.Unknown>(_scenario.Return(new CallbackQuery(state, null, new Secret("c"), true, IsCancelled: false)));
    }

    [Fact]
    public void A_state_of_no_link_of_a_connection_is_unknown()
    {
        var id = _scenario.Connect();
        var (_, state) = FlowState.New(id);

        Assert.IsType<CallbackOutcome.Unknown>(_scenario.Return(new CallbackQuery(state, null, new Secret("c"), true, IsCancelled: false)));
    }

    [Fact]
    public void The_id_of_another_flow_is_unknown_and_an_absent_id_is_ignored()
    {
        var link = _scenario.CreateLink();
        var query = _scenario.Finish(link);

        Assert.IsType<CallbackOutcome.Unknown>(_scenario.Return(query with { FlowId = "another" }));

        Assert.Equal("connected", Onward(_scenario.Return(query with { FlowId = null })).Outcome["status"]);
    }

    [Theory]
    [InlineData(11, true)]
    [InlineData(10, false)]
    public void Without_a_code_a_link_is_valid_until_it_expires(int millisecondsBefore, bool isGood)
    {
        var link = _scenario.CreateLink();
        var query = _scenario.Finish(link) with { Code = null };
        _scenario.Pass(link.ExpiresAt - TimeSpan.FromMilliseconds(millisecondsBefore) - _scenario.Now);

        // The service reads the row 10 ms later.
        Assert.Equal(isGood, _scenario.Return(query) is CallbackOutcome.Finished);
    }

    [Fact]
    public void A_user_who_cancels_is_sent_back()
    {
        var link = _scenario.CreateLink();
        var query = new CallbackQuery(_scenario.Finx.Cancel(link.FlowId), link.FlowId, new Secret("c"), true, IsCancelled: true);
        _scenario.Logs.Clear();
        _scenario.Script.Forget();
        var began = _scenario.Now;

        var onward = Onward(_scenario.Return(query));

        Assert.True(_scenario.Now - began < TimeSpan.FromSeconds(0.2));
        Assert.Equal(("cancelled", false), (onward.Outcome["status"], onward.Outcome.ContainsKey("error")));
        Assert.DoesNotContain("token", _scenario.Script.Calls);
        Assert.Equal([60], _scenario.Events);
        Assert.Equal("cancelled", Onward(_scenario.Return(query)).Outcome["status"]);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(null, false)]
    public void Without_success_or_without_a_code_the_flow_failed(bool? isSuccess, bool hasCode)
    {
        var link = _scenario.CreateLink();
        var query = new CallbackQuery(_scenario.Finx.Cancel(link.FlowId), link.FlowId, hasCode ? new Secret("c") : null, isSuccess, IsCancelled: false);
        _scenario.Script.Forget();

        var onward = Onward(_scenario.Return(query));

        Assert.Equal(("failed", "widget_failed"), (onward.Outcome["status"], onward.Outcome["error"]));
        Assert.DoesNotContain("token", _scenario.Script.Calls);
    }

    [Fact]
    public void A_code_without_a_success_parameter_is_a_success()
    {
        var link = _scenario.CreateLink();

        Assert.Equal("connected", Onward(_scenario.Return(_scenario.Finish(link) with { IsSuccess = null })).Outcome["status"]);
    }

    [Fact]
    public void An_outcome_that_meets_another_write_is_written_again()
    {
        var link = _scenario.CreateLink();
        var query = new CallbackQuery(_scenario.Finx.Cancel(link.FlowId), link.FlowId, null, null, IsCancelled: true);
        _scenario.Script.On("connections.submit", ScriptedFault.After(() => _scenario.OtherProcess().Change(link.ConnectionId, row => row with { Failures = 1 })));
        _scenario.Logs.Clear();
        var began = _scenario.Now;

        Assert.Equal("cancelled", Onward(_scenario.Return(query)).Outcome["status"]);

        Assert.InRange(_scenario.Now - began, TimeSpan.FromSeconds(0.3), TimeSpan.FromSeconds(0.5));
        Assert.Equal([60], _scenario.Events);
        Assert.Equal(1, _scenario.Connection(link.ConnectionId).Failures);
    }

    [Fact]
    public void With_the_table_down_the_browser_asks_again_and_nothing_is_lost()
    {
        var link = _scenario.CreateLink();
        var query = _scenario.Finish(link);
        _scenario.Script.On("connections.query", ScriptedFault.Fails());
        _scenario.Logs.Clear();

        Assert.IsType<CallbackOutcome.Unfinished>(_scenario.Return(query));

        Assert.Equal([61], _scenario.Events);
        Assert.Equal("connected", Onward(_scenario.Return(query)).Outcome["status"]);
    }

    [Fact]
    public void With_the_vault_down_the_browser_asks_again_and_nothing_is_lost()
    {
        var link = _scenario.CreateLink();
        var query = _scenario.Finish(link);
        var other = _scenario.OtherProcess();
        other.Script.On("get", ScriptedFault.Fails());

        Assert.IsType<CallbackOutcome.Unfinished>(other.Return(query));

        Assert.Equal("connected", Onward(other.Return(query)).Outcome["status"]);
    }

    [Fact]
    public void A_lack_of_memory_is_not_reported_as_a_store_that_is_down()
    {
        var link = _scenario.CreateLink();
        var query = _scenario.Finish(link);
        _scenario.Script.On("connections.query", ScriptedFault.Throws(new InsufficientMemoryException()));

        Assert.Throws<InsufficientMemoryException>(() => _scenario.Return(query));
    }

    [Fact]
    public void After_a_crash_the_next_delivery_recovers_the_lease_when_it_has_expired()
    {
        var link = _scenario.CreateLink();
        var query = _scenario.Finish(link);
        _scenario.Script.On("token", ScriptedFault.Kills(acts: false));
        _ = Begin(_scenario, query);
        _scenario.Pass(TimeSpan.FromSeconds(1));
        var other = _scenario.OtherProcess();
        Assert.IsType<CallbackOutcome.Unfinished>(other.Return(query));
        Assert.DoesNotContain("connections.update", other.Script.Calls);
        var lease = other.Snapshot(link.ConnectionId).Lease!.ExpiresAt;
        other.Pass(lease - other.Now - TimeSpan.FromMilliseconds(10));
        var began = other.Now;

        Assert.Equal("connected", Onward(other.Return(query)).Outcome["status"]);

        Assert.True(other.Now - began < TimeSpan.FromSeconds(0.5));
        Assert.Equal(2, other.Presentations(query.Code!));
    }

    [Fact]
    public void A_renewal_waits_for_a_running_rotation()
    {
        var id = _scenario.Connect();
        var link = _scenario.CreateLink(id);
        var query = _scenario.Finish(link);
        var other = _scenario.OtherProcess();
        other.Script.On("token", ScriptedFault.Late(TimeSpan.FromSeconds(4)));
        var rotation = other.BeginRefresh(id);
        _scenario.Pass(TimeSpan.FromSeconds(1));

        Assert.Equal("connected", Onward(_scenario.Return(query)).Outcome["status"]);

        Assert.IsType<RotationOutcome.Rotated>(other.Await(rotation));
        _scenario.Settle();
        Assert.Equal(3, _scenario.Connection(id).Generation);
    }

    [Fact]
    public void A_renewal_recovers_an_abandoned_rotation()
    {
        var id = _scenario.Connect();
        var link = _scenario.CreateLink(id);
        var query = _scenario.Finish(link);
        var other = _scenario.OtherProcess();
        other.Script.On("set", ScriptedFault.Kills(acts: false));
        _ = other.BeginRefresh(id);
        _scenario.Pass(TimeSpan.FromSeconds(100));

        Assert.Equal("connected", Onward(_scenario.Return(query)).Outcome["status"]);
        _scenario.Settle();

        Assert.Equal(3, _scenario.Connection(id).Generation);
    }

    [Fact]
    public void The_pair_of_a_renewal_is_cached_and_the_first_pair_is_not()
    {
        var id = _scenario.Connect();
        Assert.Equal(AccessSource.Cold, Assert.IsType<AccessResult.Granted>(_scenario.GetToken(id)).Source);

        _scenario.Return(_scenario.Finish(_scenario.CreateLink(id)));

        var granted = Assert.IsType<AccessResult.Granted>(_scenario.GetToken(id));
        Assert.Equal((AccessSource.Warm, 2), (granted.Source, granted.Pair.Generation));
    }

    [Fact]
    public void A_refused_code_is_presented_once_more_before_its_failure_is_reported()
    {
        var query = _scenario.Finish(_scenario.CreateLink());
        _scenario.Script.On("token", ScriptedFault.Refuses(), times: 2);
        var began = _scenario.Now;

        Assert.Equal("refused", Onward(_scenario.Return(query)).Outcome["error"]);

        Assert.InRange(_scenario.Now - began, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2.6));
        Assert.Equal(2, _scenario.Presentations(query.Code!));
    }

    [Fact]
    public void A_browser_that_goes_away_cancels_nothing()
    {
        var link = _scenario.CreateLink();
        var query = _scenario.Finish(link);
        using var gone = new CancellationTokenSource();
        _scenario.Script.On("token", ScriptedFault.After(gone.Cancel));

        Assert.ThrowsAny<OperationCanceledException>(() => _scenario.Do((CallbackService callback) => callback.HandleAsync(query, gone.Token)));
        _scenario.Settle();

        Assert.Equal(ConnectionStatus.Active, _scenario.Connection(link.ConnectionId).Status);
    }

    private static Task<CallbackOutcome> Begin(Scenario scenario, CallbackQuery query) => scenario.Begin((CallbackService callback) => callback.HandleAsync(query, CancellationToken.None));

    private static CallbackOutcome.Finished Onward(CallbackOutcome outcome) => Assert.IsType<CallbackOutcome.Finished>(outcome);
}
