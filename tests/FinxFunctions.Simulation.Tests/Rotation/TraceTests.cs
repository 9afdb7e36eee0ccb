using System.Collections.Concurrent;
using System.Diagnostics;
using FinxFunctions.Rotation;
using FinxFunctions.Simulation.Tests.Staging;

namespace FinxFunctions.Simulation.Tests.Rotation;

/// <summary>A connection's story, part by part: each rotation a trace, linked to the one before.</summary>
public sealed class TraceTests : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = [];
    private readonly ActivityListener _listener;
    private readonly Scenario _scenario = new();

    public TraceTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "FinxFunctions",
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [Fact]
    public void A_rotation_is_a_trace_with_its_steps()
    {
        var id = _scenario.Connect();

        _scenario.Refresh(id);

        var attempt = PartsOf(id).Last();
        Assert.Equal("rotation.refresh", attempt.OperationName);
        Assert.Equal(("refresh", "rotated", 1), (attempt.GetTagItem("finx.kind"), attempt.GetTagItem("finx.outcome"), attempt.GetTagItem("finx.from_generation")));
        Assert.Equal(
            ["rotation.claim", "rotation.spend", "rotation.keep", "rotation.vault", "rotation.commit"],
            _ended.Where(step => step.TraceId == attempt.TraceId && step != attempt).Select(step => step.OperationName));
    }

    [Fact]
    public void Each_refers_to_the_one_before()
    {
        var id = _scenario.Connect();

        _scenario.Refresh(id);
        _scenario.Refresh(id);

        var parts = PartsOf(id).ToList();
        Assert.Equal(["rotation.exchange", "rotation.refresh", "rotation.refresh"], parts.Select(part => part.OperationName));
        Assert.Equal("exchange", parts[0].GetTagItem("finx.kind"));
        Assert.Equal(parts[0].TraceId, Assert.Single(parts[1].Links).Context.TraceId);
        Assert.Equal(parts[1].TraceId, Assert.Single(parts[2].Links).Context.TraceId);
        Assert.NotEqual(parts[0].TraceId, parts[1].TraceId);
    }

    [Fact]
    public void What_was_left_is_gone_on_with_in_a_trace_that_refers_to_it()
    {
        var id = _scenario.Connect();
        var other = _scenario.OtherProcess();
        _scenario.Script.On("token", ScriptedFault.Kills(acts: false));
        _ = _scenario.BeginRefresh(id);
        other.Pass(TimeSpan.FromSeconds(100));
        var left = other.Snapshot(id).Lease!.TraceContext;

        Assert.IsType<RotationOutcome.Rotated>(other.Recover(id));

        var recovery = PartsOf(id).Last();
        Assert.Equal("rotation.recovery", recovery.OperationName);
        var former = Assert.Single(recovery.Links).Context;
        Assert.StartsWith($"00-{former.TraceId}-{former.SpanId}-", left, StringComparison.Ordinal);
        Assert.StartsWith($"00-{recovery.TraceId}-", other.Connection(id).TraceContext, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_listener_a_row_keeps_its_trace()
    {
        _listener.Dispose();
        var id = _scenario.Connect();
        _scenario.Change(id, row => row with { TraceContext = "former" });

        _scenario.Refresh(id);

        Assert.Equal("former", _scenario.Connection(id).TraceContext);
    }

    public void Dispose() => _listener.Dispose();

    private IEnumerable<Activity> PartsOf(string id) => _ended.Where(part => (string?)part.GetTagItem("finx.connection_id") == id);
}
