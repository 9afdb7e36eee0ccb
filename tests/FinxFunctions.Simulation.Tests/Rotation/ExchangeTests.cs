using System.Net;
using FinxFunctions.Callback;
using FinxFunctions.KeyVault;
using FinxFunctions.Links;
using FinxFunctions.Rotation;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.State;
using FinxFunctions.Tokens;

namespace FinxFunctions.Simulation.Tests.Rotation;

/// <summary>The exchange of an authorization code: the same protocol, with a user waiting.</summary>
public sealed class ExchangeTests
{
    private readonly Scenario _scenario = new();

    [Fact]
    public void It_makes_the_first_generation()
    {
        var link = _scenario.CreateLink();

        Assert.Equal("connected", Status(_scenario.Return(_scenario.Finish(link))));
        _scenario.Settle();

        var connection = _scenario.Connection(link.ConnectionId);
        Assert.Equal((ConnectionStatus.Active, 1), (connection.Status, connection.Generation));
        Assert.Equal(connection.RefreshedAt!.Value.AddDays(180), connection.ConsentExpiresAt);
        Assert.Equal(connection.RefreshedAt!.Value.AddDays(90), connection.RefreshExpiresAt);
        Assert.Null(connection.RetiredSecret);
        Assert.Equal((LinkStatus.Connected, null, null), (Link(link).Status, Link(link).Error, Link(link).Code));
        Assert.Contains("function-key connect 1 done", _scenario.Records);
        Assert.Single(_scenario.DueTimes(link.ConnectionId));
    }

    [Fact]
    public void It_is_counted_as_an_exchange()
    {
        using var rotations = _scenario.Metric<long>("finx.rotations");
        using var remaining = _scenario.Metric<double>("finx.rotation.remaining");
        var link = _scenario.CreateLink();

        _scenario.Return(_scenario.Finish(link));

        Assert.Equal(("exchange", "rotated"), (Assert.Single(rotations.GetMeasurementSnapshot()).Tags["kind"], rotations.LastMeasurement!.Tags["outcome"]));
        Assert.Empty(remaining.GetMeasurementSnapshot());
    }

    [Fact]
    public void The_code_lies_encrypted_in_the_lease_before_it_is_redeemed()
    {
        var link = _scenario.CreateLink();
        var query = _scenario.Finish(link);
        ConnectionSnapshot? seen = null;
        _scenario.Script.On("token", ScriptedFault.After(() => seen = _scenario.Snapshot(link.ConnectionId)));

        _scenario.Return(query);

        var lease = seen!.Lease!;
        Assert.Equal((LeaseKind.Exchange, 0, "function-key", query.Code!.Hash()), (lease.Kind, lease.FromGeneration, lease.Actor, lease.TokenHash));
        Assert.Equal(query.Code.Reveal(), System.Text.Encoding.UTF8.GetString(_scenario.Do((DataKeys dataKeys) => dataKeys.DecryptAsync(lease.Code!, link.ConnectionId, 1, CancellationToken.None))));
        Assert.Equal(LinkStatus.Returned, seen.Links.Single().Status);
    }

    [Fact]
    public void While_finX_does_not_act_it_is_tried_again_after_one_second_and_two()
    {
        var link = _scenario.CreateLink();
        var query = _scenario.Finish(link);
        _scenario.Script.On("token", ScriptedFault.Answers(HttpStatusCode.TooManyRequests), times: 2);
        var began = _scenario.Now;

        Assert.Equal("connected", Status(_scenario.Return(query)));

        Assert.InRange(_scenario.Now - began, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(4));
        Assert.Equal(3, _scenario.Presentations(query.Code!));
    }

    [Fact]
    public void When_the_life_of_the_code_is_over_the_flow_fails()
    {
        var scenario = new Scenario(("Finx:CodeLifetime", "00:00:08"));
        var link = scenario.CreateLink();
        var query = scenario.Finish(link);
        scenario.Script.On("token", ScriptedFault.Answers(HttpStatusCode.TooManyRequests), times: 100);
        scenario.Logs.Clear();

        var outcome = Onward(scenario.Return(query));
        scenario.Settle();

        Assert.Equal(("failed", "finx_unavailable"), (outcome["status"], outcome["error"]));
        Assert.Equal(4, scenario.Presentations(query.Code!));
        Assert.Equal((ConnectionStatus.Pending, 0), (scenario.Connection(link.ConnectionId).Status, scenario.Connection(link.ConnectionId).Generation));
        Assert.Null(scenario.Snapshot(link.ConnectionId).Lease);
        Assert.Equal([11, 16, 11, 16, 11, 16, 11, 15], scenario.Events);
        Assert.Contains("system connect 0 finx_unavailable", scenario.Records);
    }

    [Fact]
    public void A_refused_client_fails_the_flow_only_when_the_life_of_the_code_is_over()
    {
        var scenario = new Scenario(("Finx:CodeLifetime", "00:00:08"));
        var link = scenario.CreateLink();
        scenario.Script.On("token", ScriptedFault.RefusesClient(), times: 100);

        var outcome = Onward(scenario.Return(scenario.Finish(link)));

        Assert.Equal(("failed", "finx_refused"), (outcome["status"], outcome["error"]));
    }

    [Fact]
    public void A_refused_code_ends_it()
    {
        var link = _scenario.CreateLink();
        _scenario.Script.On("token", ScriptedFault.Refuses(), times: 2);

        var outcome = Onward(_scenario.Return(_scenario.Finish(link)));

        Assert.Equal(("failed", "refused"), (outcome["status"], outcome["error"]));
        Assert.Equal((LinkStatus.Failed, "refused"), (Link(link).Status, Link(link).Error));
    }

    [Fact]
    public void A_refusal_after_a_server_error_may_be_of_our_own_making()
    {
        var link = _scenario.CreateLink();
        _scenario.Script.On("token", ScriptedFault.Answers(HttpStatusCode.InternalServerError));
        _scenario.Script.On("token", ScriptedFault.Answers(HttpStatusCode.TooManyRequests));
        _scenario.Script.On("token", ScriptedFault.Refuses(), times: 2);

        Assert.Equal("ambiguous", Onward(_scenario.Return(_scenario.Finish(link)))["error"]);
    }

    [Fact]
    public void A_refusal_after_finX_did_not_act_is_a_refusal()
    {
        var link = _scenario.CreateLink();
        _scenario.Script.On("token", ScriptedFault.Answers(HttpStatusCode.TooManyRequests));
        _scenario.Script.On("token", ScriptedFault.Refuses(), times: 2);

        Assert.Equal("refused", Onward(_scenario.Return(_scenario.Finish(link)))["error"]);
    }

    [Fact]
    public void A_code_without_an_answer_is_presented_again_after_a_pause()
    {
        var link = _scenario.CreateLink();
        var query = _scenario.Finish(link);
        _scenario.Script.On("token", ScriptedFault.NoAnswer(), times: 3);
        var began = _scenario.Now;

        Assert.Equal("connected", Status(_scenario.Return(query)));

        Assert.InRange(_scenario.Now - began, TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(8.5));
        Assert.Equal(4, _scenario.Presentations(query.Code!));
    }

    [Fact]
    public void But_not_where_no_replay_is_allowed()
    {
        var scenario = new Scenario(("Tokens:Replays", "0"));
        var link = scenario.CreateLink();
        var query = scenario.Finish(link);
        scenario.Script.On("token", ScriptedFault.NoAnswer());

        Assert.Equal("ambiguous", Onward(scenario.Return(query))["error"]);

        Assert.Equal(1, scenario.Presentations(query.Code!));
    }

    [Fact]
    public void A_crash_does_not_lose_the_code()
    {
        var link = _scenario.CreateLink();
        var query = _scenario.Finish(link);
        var other = Crash(query, "token", acts: false);
        other.Pass(TimeSpan.FromSeconds(100));

        Assert.IsType<RotationOutcome.Rotated>(other.Recover(link.ConnectionId));

        Assert.Equal((LinkStatus.Connected, 2), (Link(link).Status, _scenario.Presentations(query.Code!)));
        Assert.Equal("connected", Status(other.Return(query)));
    }

    [Fact]
    public void A_code_that_is_over_is_not_presented_again()
    {
        var link = _scenario.CreateLink();
        var query = _scenario.Finish(link);
        var other = Crash(query, "token", acts: false);
        other.Pass(TimeSpan.FromHours(2));

        Assert.Equal("ambiguous", Assert.IsType<RotationOutcome.NeedsReconsent>(other.Recover(link.ConnectionId)).Reason);

        Assert.Equal((LinkStatus.Failed, "ambiguous", 1), (Link(link).Status, Link(link).Error, _scenario.Presentations(query.Code!)));
        Assert.Equal(ConnectionStatus.Pending, _scenario.Connection(link.ConnectionId).Status);
        Assert.Equal(["system connect 0 ambiguous"], other.Records);
    }

    [Fact]
    public void A_renewal_that_fails_leaves_the_connection_as_it_was()
    {
        var id = _scenario.Connect();
        var link = _scenario.CreateLink(id);
        var before = _scenario.Connection(id);
        _scenario.Script.On("token", ScriptedFault.Refuses(), times: 2);

        Assert.Equal("refused", Onward(_scenario.Return(_scenario.Finish(link)))["error"]);

        var after = _scenario.Connection(id);
        Assert.Equal((before.Status, before.Generation, before.NextRotationAt, null), (after.Status, after.Generation, after.NextRotationAt, after.Reason));
    }

    [Fact]
    public void A_renewal_replaces_the_pair_and_starts_the_consent_anew()
    {
        var id = _scenario.Connect();
        _scenario.Pass(TimeSpan.FromDays(1));
        var link = _scenario.CreateLink(id);

        Assert.Equal("connected", Status(_scenario.Return(_scenario.Finish(link))));
        _scenario.Settle();

        var connection = _scenario.Connection(id);
        Assert.Equal((2, connection.RefreshedAt!.Value.AddDays(180)), (connection.Generation, connection.ConsentExpiresAt!.Value));
        Assert.All(_scenario.Snapshot(id).Links, stored => Assert.Equal(LinkStatus.Connected, stored.Status));
    }

    [Fact]
    public void Another_link_of_the_connection_is_left_alone()
    {
        var id = _scenario.Connect();
        var (one, other) = (_scenario.CreateLink(id), _scenario.CreateLink(id));
        _scenario.Script.On("token", ScriptedFault.Refuses(), times: 2);

        _scenario.Return(_scenario.Finish(one));

        Assert.Equal((LinkStatus.Failed, LinkStatus.Pending), (Link(one).Status, Link(other).Status));
    }

    [Fact]
    public void With_the_vault_down_a_new_connection_is_served_from_the_encrypted_answer()
    {
        var link = _scenario.CreateLink();
        var query = _scenario.Finish(link);
        _scenario.Script.On("set", ScriptedFault.Fails());

        Assert.Equal("connected", Status(_scenario.Return(query)));

        Assert.IsType<AccessResult.Granted>(_scenario.OtherProcess().GetToken(link.ConnectionId));
    }

    private Scenario Crash(CallbackQuery query, string operation, bool acts)
    {
        _scenario.Script.On(operation, ScriptedFault.Kills(acts));
        _ = _scenario.Begin((CallbackService callback) => callback.HandleAsync(query, CancellationToken.None));
        _scenario.Pass(TimeSpan.FromSeconds(1));
        return _scenario.OtherProcess();
    }

    private Link Link(CreatedLink link) => _scenario.Snapshot(link.ConnectionId).Links.Single(stored => stored.FlowId == link.FlowId);

    private static IReadOnlyDictionary<string, string> Onward(CallbackOutcome outcome) => Assert.IsType<CallbackOutcome.Finished>(outcome).Outcome;

    private static string Status(CallbackOutcome outcome) => Onward(outcome)["status"];
}
