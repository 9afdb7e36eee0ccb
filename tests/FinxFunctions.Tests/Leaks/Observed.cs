using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace FinxFunctions.Tests.Leaks;

/// <summary>Collects all telemetry: each trace of each source, each tag of each instrument.</summary>
internal sealed class Observed : IDisposable
{
    private readonly ConcurrentQueue<string> _seen = new();
    private readonly ActivityListener _traces;
    private readonly MeterListener _metrics;

    public Observed()
    {
        _traces = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Note,
        };
        ActivitySource.AddActivityListener(_traces);
        _metrics = new MeterListener { InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument) };
        _metrics.SetMeasurementEventCallback<long>(Note);
        _metrics.SetMeasurementEventCallback<int>(Note);
        _metrics.SetMeasurementEventCallback<double>(Note);
        _metrics.Start();
    }

    public IReadOnlyCollection<string> Seen => _seen;

    public void Dispose()
    {
        _traces.Dispose();
        _metrics.Dispose();
    }

    private void Note(Activity activity)
    {
        // Traces of the sandbox are not the app's.
        if (activity.Source.Name == "Microsoft.AspNetCore" && activity.TagObjects.Any(tag => tag.Key == "server.address" && tag.Value is "127.0.0.1"))
        {
            return;
        }

        _seen.Enqueue(string.Join('\n',
        [
            $"{activity.Source.Name} {activity.DisplayName} {activity.StatusDescription} {activity.TraceStateString}",
            .. activity.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"),
            .. activity.Baggage.Select(item => $"{item.Key}={item.Value}"),
            .. activity.Events.Select(happened => $"{happened.Name} {string.Join(' ', happened.Tags.Select(tag => $"{tag.Key}={tag.Value}"))}"),
        ]));
    }

    private void Note<T>(Instrument instrument, T measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        foreach (var tag in tags)
        {
            _seen.Enqueue($"{instrument.Name} {tag.Key}={tag.Value}");
        }
    }
}
