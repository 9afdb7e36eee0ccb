using System.Net;
using Finx.Callback;
using Finx.Connections;
using Finx.Links;
using Finx.Tokens;
using FinxFunctions.Simulation.Tests.Staging;

namespace FinxFunctions.Simulation.Tests.Tokens;

/// <summary>The exchange of an authorization code: the same protocol, with a user waiting.</summary>
public sealed class ExchangeTests
{
    private readonly Stage _stage = new();

    [Fact]
    public void It_makes_the_first_generation()
    {
        var link = _stage.CreateLink();

        Assert.Equal("connected", Status(_stage.Return(_stage.Finish(link))));
        _stage.Settle();

        var connection = _stage.Connection(link.ConnectionId);
        Assert.Equal((ConnectionStatus.Active, 1), (connection.Status, connection.Generation));
        Assert.Equal(connection.RefreshedAt!.Value.AddDays(180), connection.ConsentExpiresAt);
        Assert.Equal(connection.RefreshedAt!.Value.AddDays(90), connection.RefreshExpiresAt);
        Assert.Null(connection.RetiredSecret);
        Assert.Equal((LinkStatus.Connected, null, null), (Link(link).Status, Link(link).Error, Link(link).Code));
        Assert.Contains("function-key connect 1 done", _stage.Records);
        Assert.Single(_stage.Agenda(link.ConnectionId));
    }

    [Fact]
    public void It_is_counted_as_an_exchange()
    {
        using var rotations = _stage.Metric<long>("finx.rotations");
        using var remaining = _stage.Metric<double>("finx.rotation.remaining");
        var link = _stage.CreateLink();

        _stage.Return(_stage.Finish(link));

        Assert.Equal(("exchange", "rotated"), (Assert.Single(rotations.GetMeasurementSnapshot()).Tags["kind"], rotations.LastMeasurement!.Tags["outcome"]));
        Assert.Empty(remaining.GetMeasurementSnapshot());
    }

    [Fact]
    public void The_code_lies_sealed_in_the_claim_before_it_is_spent()
    {
        var link = _stage.CreateLink();
        var query = _stage.Finish(link);
        ConnectionSnapshot? seen = null;
        _stage.Script.On("token", Mishap.After(() => seen = _stage.Snapshot(link.ConnectionId)));

        _stage.Return(query);

        var claim = seen!.Claim!;
        Assert.Equal((ClaimKind.Exchange, 0, "function-key", query.Code!.Hash()), (claim.Kind, claim.FromGeneration, claim.Actor, claim.TokenHash));
        Assert.Equal(query.Code.Reveal(), System.Text.Encoding.UTF8.GetString(_stage.Do((Sealer sealer) => sealer.OpenAsync(claim.Code!, link.ConnectionId, 1, CancellationToken.None))));
        Assert.Equal(LinkStatus.Returned, seen.Links.Single().Status);
    }

    [Fact]
    public void While_finX_does_not_act_it_is_tried_again_after_one_second_and_two()
    {
        var link = _stage.CreateLink();
        var query = _stage.Finish(link);
        _stage.Script.On("token", Mishap.Answers(HttpStatusCode.TooManyRequests), times: 2);
        var began = _stage.Now;

        Assert.Equal("connected", Status(_stage.Return(query)));

        Assert.InRange(_stage.Now - began, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(4));
        Assert.Equal(3, _stage.Presentations(query.Code!));
    }

    [Fact]
    public void Three_times_at_most()
    {
        var link = _stage.CreateLink();
        var query = _stage.Finish(link);
        _stage.Script.On("token", Mishap.Answers(HttpStatusCode.TooManyRequests), times: 3);

        var outcome = Onward(_stage.Return(query));
        _stage.Settle();

        Assert.Equal(("failed", "finx_unavailable"), (outcome["status"], outcome["error"]));
        Assert.Equal(3, _stage.Presentations(query.Code!));
        Assert.Equal((ConnectionStatus.Pending, 0), (_stage.Connection(link.ConnectionId).Status, _stage.Connection(link.ConnectionId).Generation));
        Assert.Null(_stage.Snapshot(link.ConnectionId).Claim);
        Assert.Single(_stage.Agenda(link.ConnectionId));
        Assert.Equal([11, 15], _stage.Events);
        Assert.Contains("function-key connect 0 finx_unavailable", _stage.Records);
    }

    [Fact]
    public void A_refused_client_ends_it()
    {
        var link = _stage.CreateLink();
        _stage.Script.On("token", Mishap.RefusesClient());

        var outcome = Onward(_stage.Return(_stage.Finish(link)));

        Assert.Equal(("failed", "finx_refused"), (outcome["status"], outcome["error"]));
    }

    [Fact]
    public void A_refused_code_ends_it()
    {
        var link = _stage.CreateLink();
        _stage.Script.On("token", Mishap.Refuses());

        var outcome = Onward(_stage.Return(_stage.Finish(link)));

        Assert.Equal(("failed", "refused"), (outcome["status"], outcome["error"]));
        Assert.Equal((LinkStatus.Failed, "refused"), (Link(link).Status, Link(link).Error));
    }

    [Fact]
    public void A_refusal_after_a_server_error_may_be_of_our_own_making()
    {
        var link = _stage.CreateLink();
        _stage.Script.On("token", Mishap.Answers(HttpStatusCode.InternalServerError));
        _stage.Script.On("token", Mishap.Answers(HttpStatusCode.TooManyRequests));
        _stage.Script.On("token", Mishap.Refuses());

        Assert.Equal("ambiguous", Onward(_stage.Return(_stage.Finish(link)))["error"]);
    }

    [Fact]
    public void A_refusal_after_finX_did_not_act_is_a_refusal()
    {
        var link = _stage.CreateLink();
        _stage.Script.On("token", Mishap.Answers(HttpStatusCode.TooManyRequests));
        _stage.Script.On("token", Mishap.Refuses());

        Assert.Equal("refused", Onward(_stage.Return(_stage.Finish(link)))["error"]);
    }

    [Fact]
    public void A_code_without_an_answer_is_presented_once_more()
    {
        var link = _stage.CreateLink();
        var query = _stage.Finish(link);
        _stage.Script.On("token", Mishap.NoAnswer());

        Assert.Equal("connected", Status(_stage.Return(query)));

        Assert.Equal(2, _stage.Presentations(query.Code!));
    }

    [Fact]
    public void And_not_twice_more()
    {
        var stage = new Stage(("Tokens:Replays", "5"));
        var link = stage.CreateLink();
        var query = stage.Finish(link);
        stage.Script.On("token", Mishap.NoAnswer(), times: 3);

        Assert.Equal("ambiguous", Onward(stage.Return(query))["error"]);

        Assert.Equal(2, stage.Presentations(query.Code!));
    }

    [Fact]
    public void A_crash_does_not_lose_the_code()
    {
        var link = _stage.CreateLink();
        var query = _stage.Finish(link);
        var twin = Crash(query, "token", acts: false);
        twin.Pass(TimeSpan.FromSeconds(100));

        Assert.IsType<RotationOutcome.Rotated>(twin.Recover(link.ConnectionId));

        Assert.Equal((LinkStatus.Connected, 2), (Link(link).Status, _stage.Presentations(query.Code!)));
        Assert.Equal("connected", Status(twin.Return(query)));
    }

    [Fact]
    public void A_code_that_is_over_is_not_presented_again()
    {
        var link = _stage.CreateLink();
        var query = _stage.Finish(link);
        var twin = Crash(query, "token", acts: false);
        twin.Pass(TimeSpan.FromHours(2));

        Assert.Equal("ambiguous", Assert.IsType<RotationOutcome.NeedsReconsent>(twin.Recover(link.ConnectionId)).Reason);

        Assert.Equal((LinkStatus.Failed, "ambiguous", 1), (Link(link).Status, Link(link).Error, _stage.Presentations(query.Code!)));
        Assert.Equal(ConnectionStatus.Pending, _stage.Connection(link.ConnectionId).Status);
        Assert.Equal(["system connect 0 ambiguous"], twin.Records);
    }

    [Fact]
    public void A_renewal_that_fails_leaves_the_connection_as_it_was()
    {
        var id = _stage.Connect();
        var link = _stage.CreateLink(id);
        var before = _stage.Connection(id);
        _stage.Script.On("token", Mishap.Refuses());

        Assert.Equal("refused", Onward(_stage.Return(_stage.Finish(link)))["error"]);

        var after = _stage.Connection(id);
        Assert.Equal((before.Status, before.Generation, before.NextRotationAt, null), (after.Status, after.Generation, after.NextRotationAt, after.Reason));
    }

    [Fact]
    public void A_renewal_replaces_the_pair_and_starts_the_consent_anew()
    {
        var id = _stage.Connect();
        _stage.Pass(TimeSpan.FromDays(1));
        var link = _stage.CreateLink(id);

        Assert.Equal("connected", Status(_stage.Return(_stage.Finish(link))));

        var connection = _stage.Connection(id);
        Assert.Equal((2, connection.RefreshedAt!.Value.AddDays(180)), (connection.Generation, connection.ConsentExpiresAt!.Value));
        Assert.All(_stage.Snapshot(id).Links, stored => Assert.Equal(LinkStatus.Connected, stored.Status));
    }

    [Fact]
    public void Another_link_of_the_connection_is_left_alone()
    {
        var id = _stage.Connect();
        var (one, other) = (_stage.CreateLink(id), _stage.CreateLink(id));
        _stage.Script.On("token", Mishap.Refuses());

        _stage.Return(_stage.Finish(one));

        Assert.Equal((LinkStatus.Failed, LinkStatus.Pending), (Link(one).Status, Link(other).Status));
    }

    [Fact]
    public void With_the_vault_down_a_new_connection_is_served_from_the_sealed_answer()
    {
        var link = _stage.CreateLink();
        var query = _stage.Finish(link);
        _stage.Script.On("set", Mishap.Fails());

        Assert.IsType<CallbackOutcome.Unfinished>(_stage.Return(query));

        Assert.IsType<AccessResult.Granted>(_stage.Twin().GetToken(link.ConnectionId));
    }

    private Stage Crash(CallbackQuery query, string operation, bool acts)
    {
        _stage.Script.On(operation, Mishap.Kills(acts));
        _ = _stage.Begin((CallbackService callback) => callback.HandleAsync(query, CancellationToken.None));
        _stage.Pass(TimeSpan.FromSeconds(1));
        return _stage.Twin();
    }

    private Link Link(CreatedLink link) => _stage.Snapshot(link.ConnectionId).Links.Single(stored => stored.FlowId == link.FlowId);

    private static IReadOnlyDictionary<string, string> Onward(CallbackOutcome outcome) => Assert.IsType<CallbackOutcome.Onward>(outcome).Outcome;

    private static string Status(CallbackOutcome outcome) => Onward(outcome)["status"];
}
