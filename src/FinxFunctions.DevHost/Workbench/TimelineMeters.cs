using System.Diagnostics.Metrics;
using System.Globalization;
using FinxFunctions.Diagnostics;

namespace FinxFunctions.DevHost.Workbench;

/// <summary>Adds measurements of the app to the timeline: the steps of each rotation, links, callbacks and requests for a token.</summary>
public sealed class TimelineMeters(Timeline timeline, IMeterFactory meters) : IHostedService, IDisposable
{
    private readonly MeterListener _listener = new();

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // Only this host's meter: tests run several hosts in one process.
            if (instrument.Meter.Name == FinxMetrics.MeterName && ReferenceEquals(instrument.Meter.Scope, meters))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
        {
            if (instrument.Name == "finx.rotation.duration" && Tag(tags) is { } step)
                timeline.Add(KindOf(step), $"{TextOf(step)} ({(value * 1000).ToString("0", CultureInfo.InvariantCulture)} ms)");
        });
        _listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Count(instrument.Name, Tag(tags)));
        _listener.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _listener.Dispose();

    private void Count(string instrument, string? tag)
    {
        switch (instrument)
        {
            case "finx.links":
                timeline.Add("link", tag is "created" ? "A widget link was created." : $"A widget link could not be created ({tag}).", isTrouble: tag is not "created");
                break;
            case "finx.callbacks":
                timeline.Add("callback", $"The user returned from the widget: {tag}.", isTrouble: tag is "failed" or "unfinished" or "unknown");
                break;
            case "finx.token.reads":
                timeline.Add("read", $"A token was requested: {ReadText(tag)}.", isTrouble: tag is "stale" or "busy" or "finx_unavailable" or "needs_reconsent");
                break;
        }
    }

    /// <summary>The kind on the page. The metric keeps its former names of the steps, because dashboards may use them.</summary>
    private static string KindOf(string step) => step switch
    {
        "claim" => "lease",
        "spend" => "redeem",
        "keep" => "persist",
        _ => step,
    };

    // A step is measured whether it succeeds or fails. The log reports a failure.
    private static string TextOf(string step) => step switch
    {
        "claim" => "Lease: the connection is leased to this attempt.",
        "spend" => "Redeem: the single-use token is sent to finX.",
        "keep" => "Persist: finX's answer is encrypted and written to Table Storage.",
        "vault" => "Vault: the new pair is written to Key Vault.",
        "commit" => "Commit: the connection is at its next generation.",
        _ => step,
    };

    private static string? ReadText(string? answer) => answer switch
    {
        "warm" => "served from memory",
        "cold" => "read from Key Vault",
        "refreshed" => "finX issued a new one",
        "stale" => "there is no new one, so the current one is served while it is valid",
        "busy" => "another process is rotating the connection",
        "finx_unavailable" => "finX is unavailable, try again later",
        "needs_reconsent" => "only the user can renew the connection",
        _ => answer,
    };

    private static string? Tag(ReadOnlySpan<KeyValuePair<string, object?>> tags) => tags is [{ Value: string value }, ..] ? value : null;
}
