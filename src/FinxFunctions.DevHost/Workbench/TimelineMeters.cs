using System.Diagnostics.Metrics;
using System.Globalization;
using FinxFunctions.Diagnostics;

namespace FinxFunctions.DevHost.Workbench;

/// <summary>Puts what the app measures on the timeline: the steps of each rotation, links, returns and requests for a token.</summary>
public sealed class TimelineMeters(Timeline timeline, IMeterFactory meters) : IHostedService, IDisposable
{
    private readonly MeterListener _listener = new();

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // Of this host alone: tests run several in one process.
            if (instrument.Meter.Name == FinxMetrics.MeterName && ReferenceEquals(instrument.Meter.Scope, meters))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
        {
            if (instrument.Name == "finx.rotation.duration" && Tag(tags) is { } step)
                timeline.Add(step, $"{Step(step)} ({(value * 1000).ToString("0", CultureInfo.InvariantCulture)} ms)");
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
                timeline.Add("link", tag is "created" ? "A link to the widget was made." : $"No link to the widget could be made ({tag}).", isTrouble: tag is not "created");
                break;
            case "finx.callbacks":
                timeline.Add("callback", $"The user is back from the widget: {tag}.", isTrouble: tag is "failed" or "unfinished" or "unknown");
                break;
            case "finx.token.reads":
                timeline.Add("read", $"A token was asked for: {Read(tag)}.", isTrouble: tag is "stale" or "busy" or "finx_unavailable" or "needs_reconsent");
                break;
        }
    }

    // A step is measured however it ends; that it failed, the log says.
    private static string Step(string step) => step switch
    {
        "claim" => "Claim: the connection is for this attempt alone.",
        "spend" => "Spend: the one-time token goes to finX.",
        "keep" => "Keep: finX's answer goes sealed into Table Storage, as it came.",
        "vault" => "Vault: the new pair goes into Key Vault.",
        "commit" => "Commit: the connection moves to its next generation.",
        _ => step,
    };

    private static string? Read(string? answer) => answer switch
    {
        "warm" => "served from memory",
        "cold" => "fetched from Key Vault",
        "refreshed" => "a new one was obtained",
        "stale" => "nothing new is to be had, so the one in hand is served while it is valid",
        "busy" => "a rotation is under way elsewhere",
        "finx_unavailable" => "finX has none to give, try later",
        "needs_reconsent" => "only the user can bring the connection back",
        _ => answer,
    };

    private static string? Tag(ReadOnlySpan<KeyValuePair<string, object?>> tags) => tags is [{ Value: string value }, ..] ? value : null;
}
