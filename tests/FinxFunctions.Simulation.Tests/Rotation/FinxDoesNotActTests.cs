using System.Net;
using FinxFunctions.Primitives;
using FinxFunctions.Rotation;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.State;

namespace FinxFunctions.Simulation.Tests.Rotation;

/// <summary>finX says that it did not act, or refuses this client. No connection ends because of that.</summary>
public sealed class FinxDoesNotActTests
{
    private readonly Scenario _scenario = new();
    private readonly string _id;
    private readonly Secret _token;

    public FinxDoesNotActTests()
    {
        _id = _scenario.Connect();
        _token = _scenario.Pair(_id).RefreshToken!;
    }

    [Fact]
    public void Throttled_it_lets_go_of_the_connection_and_waits_as_finX_wishes()
    {
        var schedule = _scenario.DueTimes(_id);
        using var rotations = _scenario.Metric<long>("finx.rotations");
        _scenario.Script.On("token", ScriptedFault.Answers(HttpStatusCode.TooManyRequests, retryAfter: TimeSpan.FromSeconds(40)));

        var later = Assert.IsType<RotationOutcome.TryLater>(_scenario.Refresh(_id));
        _scenario.Settle();

        var connection = _scenario.Connection(_id);
        Assert.Equal(TryLaterCause.FinxUnavailable, later.Cause);
        Assert.InRange(later.RetryAt, _scenario.Now.AddSeconds(39.9), _scenario.Now.AddSeconds(40));
        Assert.Equal((ConnectionStatus.Active, 1, later.RetryAt, TryLaterCause.FinxUnavailable), (connection.Status, connection.Failures, connection.RetryAt, connection.RetryCause));
        Assert.Null(_scenario.Snapshot(_id).Lease);
        Assert.Equal(schedule, _scenario.DueTimes(_id));
        Assert.Equal([11], _scenario.Events);
        Assert.Equal("try_later", Assert.Single(rotations.GetMeasurementSnapshot()).Tags["outcome"]);
        Assert.Empty(_scenario.Records);
    }

    [Fact]
    public void Each_failure_in_a_row_is_counted_and_waits_longer()
    {
        _scenario.Change(_id, row => row with { Failures = 4 });
        _scenario.Script.On("token", ScriptedFault.Breaks(HttpRequestError.ConnectionError));

        var later = Assert.IsType<RotationOutcome.TryLater>(_scenario.Refresh(_id));

        Assert.Equal(5, _scenario.Connection(_id).Failures);
        Assert.InRange(later.RetryAt - _scenario.Now, TimeSpan.FromSeconds(23.9), TimeSpan.FromSeconds(24));
    }

    [Fact]
    public void A_refused_client_is_an_operators_problem()
    {
        using var refusals = _scenario.Metric<long>("finx.refusals");
        _scenario.Script.On("token", ScriptedFault.RefusesClient());

        var later = Assert.IsType<RotationOutcome.TryLater>(_scenario.Refresh(_id));

        Assert.Equal(TryLaterCause.FinxRefused, later.Cause);
        Assert.Equal((ConnectionStatus.Active, TryLaterCause.FinxRefused), (_scenario.Connection(_id).Status, _scenario.Connection(_id).RetryCause));
        Assert.Null(_scenario.Snapshot(_id).Lease);
        Assert.Equal([14], _scenario.Events);
        Assert.Equal("token", Assert.Single(refusals.GetMeasurementSnapshot()).Tags["operation"]);
    }

    [Fact]
    public void A_server_error_may_have_been_an_act_and_the_lease_records_it()
    {
        _scenario.Script.On("token", ScriptedFault.Answers(HttpStatusCode.InternalServerError));

        var later = Assert.IsType<RotationOutcome.TryLater>(_scenario.Refresh(_id));

        var lease = _scenario.Snapshot(_id).Lease!;
        Assert.Equal(("", later.RetryAt, true, false, 1, 0), (lease.Holder, lease.ExpiresAt, lease.Ambiguous, lease.Unanswered, lease.Failures, lease.Replays));
        Assert.Contains(later.RetryAt, _scenario.DueTimes(_id));
        Assert.InRange(later.RetryAt - _scenario.Now, TimeSpan.FromSeconds(1.4), TimeSpan.FromSeconds(1.5));
        Assert.Equal([11], _scenario.Events);
    }

    [Fact]
    public void After_a_server_error_it_goes_on_without_using_up_a_replay()
    {
        _scenario.Script.On("token", ScriptedFault.Answers(HttpStatusCode.InternalServerError), times: 3);
        _scenario.Refresh(_id);
        _scenario.Pass(TimeSpan.FromSeconds(10));
        Assert.IsType<RotationOutcome.TryLater>(_scenario.Recover(_id));
        _scenario.Pass(TimeSpan.FromSeconds(10));
        Assert.IsType<RotationOutcome.TryLater>(_scenario.Recover(_id));

        var lease = _scenario.Snapshot(_id).Lease!;
        Assert.Equal((3, 0), (lease.Failures, lease.Replays));
        _scenario.Pass(TimeSpan.FromSeconds(10));
        Assert.IsType<RotationOutcome.Rotated>(_scenario.Recover(_id));

        Assert.Equal(4, _scenario.Presentations(_token));
        Assert.Equal(2, _scenario.Connection(_id).Generation);
    }

    [Fact]
    public void A_refusal_after_a_server_error_may_be_of_our_own_making()
    {
        _scenario.Script.On("token", ScriptedFault.Answers(HttpStatusCode.BadGateway));
        _scenario.Script.On("token", ScriptedFault.Refuses(), times: 2);
        _scenario.Refresh(_id);
        _scenario.Pass(TimeSpan.FromSeconds(10));
        Assert.IsType<RotationOutcome.TryLater>(_scenario.Recover(_id));
        _scenario.Pass(Scenario.RefusalPause);

        var ended = Assert.IsType<RotationOutcome.NeedsReconsent>(_scenario.Recover(_id));

        Assert.Equal("ambiguous", ended.Reason);
    }

    [Fact]
    public void A_throttled_attempt_after_a_server_error_stays_unanswered()
    {
        _scenario.Script.On("token", ScriptedFault.Answers(HttpStatusCode.BadGateway));
        _scenario.Script.On("token", ScriptedFault.Answers(HttpStatusCode.TooManyRequests));
        _scenario.Refresh(_id);
        _scenario.Pass(TimeSpan.FromSeconds(10));

        Assert.IsType<RotationOutcome.TryLater>(_scenario.Recover(_id));

        Assert.True(_scenario.Snapshot(_id).Lease!.Ambiguous);
    }
}
