using System.Net;
using Finx.Connections;
using Finx.Tokens;
using FinxFunctions.Simulation.Tests.Staging;

namespace FinxFunctions.Simulation.Tests.Tokens;

/// <summary>finX says that it did not act, or refuses this client: no connection dies of it.</summary>
public sealed class FinxDoesNotActTests
{
    private readonly Stage _stage = new();
    private readonly string _id;
    private readonly Secret _token;

    public FinxDoesNotActTests()
    {
        _id = _stage.Connect();
        _token = _stage.Pair(_id).RefreshToken!;
    }

    [Fact]
    public void Throttled_it_lets_go_of_the_connection_and_waits_as_finX_wishes()
    {
        var agenda = _stage.Agenda(_id);
        using var rotations = _stage.Metric<long>("finx.rotations");
        _stage.Script.On("token", Mishap.Answers(HttpStatusCode.TooManyRequests, retryAfter: TimeSpan.FromSeconds(40)));

        var later = Assert.IsType<RotationOutcome.TryLater>(_stage.Refresh(_id));
        _stage.Settle();

        var connection = _stage.Connection(_id);
        Assert.Equal(TryLaterCause.FinxUnavailable, later.Cause);
        Assert.InRange(later.RetryAt, _stage.Now.AddSeconds(39.9), _stage.Now.AddSeconds(40));
        Assert.Equal((ConnectionStatus.Active, 1, later.RetryAt, TryLaterCause.FinxUnavailable), (connection.Status, connection.Failures, connection.RetryAt, connection.RetryCause));
        Assert.Null(_stage.Snapshot(_id).Claim);
        Assert.Equal(agenda, _stage.Agenda(_id));
        Assert.Equal([11], _stage.Events);
        Assert.Equal("try_later", Assert.Single(rotations.GetMeasurementSnapshot()).Tags["outcome"]);
        Assert.Empty(_stage.Records);
    }

    [Fact]
    public void Each_failure_in_a_row_is_counted_and_waits_longer()
    {
        _stage.Change(_id, row => row with { Failures = 4 });
        _stage.Script.On("token", Mishap.Breaks(HttpRequestError.ConnectionError));

        var later = Assert.IsType<RotationOutcome.TryLater>(_stage.Refresh(_id));

        Assert.Equal(5, _stage.Connection(_id).Failures);
        Assert.InRange(later.RetryAt - _stage.Now, TimeSpan.FromSeconds(23.9), TimeSpan.FromSeconds(24));
    }

    [Fact]
    public void A_refused_client_is_an_operators_problem()
    {
        using var refusals = _stage.Metric<long>("finx.refusals");
        _stage.Script.On("token", Mishap.RefusesClient());

        var later = Assert.IsType<RotationOutcome.TryLater>(_stage.Refresh(_id));

        Assert.Equal(TryLaterCause.FinxRefused, later.Cause);
        Assert.Equal((ConnectionStatus.Active, TryLaterCause.FinxRefused), (_stage.Connection(_id).Status, _stage.Connection(_id).RetryCause));
        Assert.Null(_stage.Snapshot(_id).Claim);
        Assert.Equal([14], _stage.Events);
        Assert.Equal("token", Assert.Single(refusals.GetMeasurementSnapshot()).Tags["operation"]);
    }

    [Fact]
    public void A_server_error_may_have_been_an_act_and_the_claim_remembers_it()
    {
        _stage.Script.On("token", Mishap.Answers(HttpStatusCode.InternalServerError));

        var later = Assert.IsType<RotationOutcome.TryLater>(_stage.Refresh(_id));

        var claim = _stage.Snapshot(_id).Claim!;
        Assert.Equal(("", later.RetryAt, true, false, 1, 0), (claim.Owner, claim.LeaseUntil, claim.Ambiguous, claim.Unanswered, claim.Failures, claim.Replays));
        Assert.Contains(later.RetryAt, _stage.Agenda(_id));
        Assert.InRange(later.RetryAt - _stage.Now, TimeSpan.FromSeconds(1.4), TimeSpan.FromSeconds(1.5));
        Assert.Equal([11], _stage.Events);
    }

    [Fact]
    public void After_a_server_error_it_goes_on_without_using_up_a_replay()
    {
        _stage.Script.On("token", Mishap.Answers(HttpStatusCode.InternalServerError), times: 3);
        _stage.Refresh(_id);
        _stage.Pass(TimeSpan.FromSeconds(10));
        Assert.IsType<RotationOutcome.TryLater>(_stage.Recover(_id));
        _stage.Pass(TimeSpan.FromSeconds(10));
        Assert.IsType<RotationOutcome.TryLater>(_stage.Recover(_id));

        var claim = _stage.Snapshot(_id).Claim!;
        Assert.Equal((3, 0), (claim.Failures, claim.Replays));
        _stage.Pass(TimeSpan.FromSeconds(10));
        Assert.IsType<RotationOutcome.Rotated>(_stage.Recover(_id));

        Assert.Equal(4, _stage.Presentations(_token));
        Assert.Equal(2, _stage.Connection(_id).Generation);
    }

    [Fact]
    public void A_refusal_after_a_server_error_may_be_of_our_own_making()
    {
        _stage.Script.On("token", Mishap.Answers(HttpStatusCode.BadGateway));
        _stage.Script.On("token", Mishap.Refuses());
        _stage.Refresh(_id);
        _stage.Pass(TimeSpan.FromSeconds(10));

        var ended = Assert.IsType<RotationOutcome.NeedsReconsent>(_stage.Recover(_id));

        Assert.Equal("ambiguous", ended.Reason);
    }

    [Fact]
    public void A_throttled_attempt_after_a_server_error_keeps_its_memory()
    {
        _stage.Script.On("token", Mishap.Answers(HttpStatusCode.BadGateway));
        _stage.Script.On("token", Mishap.Answers(HttpStatusCode.TooManyRequests));
        _stage.Refresh(_id);
        _stage.Pass(TimeSpan.FromSeconds(10));

        Assert.IsType<RotationOutcome.TryLater>(_stage.Recover(_id));

        Assert.True(_stage.Snapshot(_id).Claim!.Ambiguous);
    }
}
