using System.Diagnostics.Metrics;

namespace FinxFunctions.Diagnostics;

/// <summary>The metrics of the service: one meter with fixed names. docs/metrics.md lists names, units and tags. No tag holds personal data.</summary>
public sealed class FinxMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "FinxFunctions";

    private readonly Counter<long> _rotations;
    private readonly Histogram<double> _stepDuration;
    private readonly Histogram<double> _remaining;
    private readonly Gauge<double> _slack;
    private readonly Gauge<int> _due;
    private readonly Gauge<int> _overdue;
    private readonly Counter<long> _ambiguous;
    private readonly Counter<long> _reconsents;
    private readonly Counter<long> _tokenReads;
    private readonly Counter<long> _ticks;
    private readonly Counter<long> _links;
    private readonly Counter<long> _callbacks;
    private readonly Counter<long> _calls;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _tokenRefusals;
    private readonly Counter<long> _revocations;
    private readonly Counter<long> _throttled;
    private readonly Gauge<int> _health;
    private readonly Counter<long> _auditFailures;
    private readonly Counter<long> _unreadableRows;

    public FinxMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _rotations = meter.CreateCounter<long>("finx.rotations", "{rotation}", "Attempts to replace a token pair, by kind and outcome.");
        _stepDuration = meter.CreateHistogram<double>("finx.rotation.duration", "s", "Duration of a rotation's steps.");
        _remaining = meter.CreateHistogram<double>("finx.rotation.remaining", "d", "Remaining life of a refresh token when it was replaced.");
        _slack = meter.CreateGauge<double>("finx.rotation.slack", "d", "Shortest remaining life of all refresh tokens. A lower bound.");
        _due = meter.CreateGauge<int>("finx.rotations.due", "{connection}", "Connections that a tick found due.");
        _overdue = meter.CreateGauge<int>("finx.rotations.overdue", "{connection}", "Connections that a tick found due for more than an hour.");
        _ambiguous = meter.CreateCounter<long>("finx.rotations.ambiguous", "{rotation}", "Presentations of a token whose outcome is unknown.");
        _reconsents = meter.CreateCounter<long>("finx.reconsents", "{connection}", "Connections that need a new consent of their user, by reason.");
        _tokenReads = meter.CreateCounter<long>("finx.token.reads", "{read}", "Requests for an access token, by answer.");
        _ticks = meter.CreateCounter<long>("finx.ticks", "{tick}", "Runs of the timer, by outcome.");
        _links = meter.CreateCounter<long>("finx.links", "{link}", "Requests for a widget link, by outcome.");
        _callbacks = meter.CreateCounter<long>("finx.callbacks", "{callback}", "Returns from the widget, by outcome.");
        _calls = meter.CreateCounter<long>("finx.calls", "{call}", "Calls to finX, by operation and status; status 0 is no answer.");
        _refusals = meter.CreateCounter<long>("finx.refusals", "{call}", "Calls in which finX refused this client, and not a token or a request.");
        _tokenRefusals = meter.CreateCounter<long>("finx.token.refusals", "{call}", "Refusals of a refresh token, by meaning. None of them ends a connection alone.");
        _revocations = meter.CreateCounter<long>("finx.revocations", "{call}", "Tries to revoke a token at finX, by outcome.");
        _throttled = meter.CreateCounter<long>("finx.throttled", "{call}", "Calls that Key Vault or Table Storage throttled.");
        _health = meter.CreateGauge<int>("finx.health", "1", "1 if a dependency answers, else 0.");
        _auditFailures = meter.CreateCounter<long>("finx.audit.failures", "{record}", "Audit records that could not be written, by event.");
        _unreadableRows = meter.CreateCounter<long>("finx.rows.unreadable", "{row}", "Table rows that could not be read and were skipped.");
    }

    public void Rotation(string kind, string outcome) => _rotations.Add(1, new("kind", kind), new("outcome", outcome));

    public void Step(string step, TimeSpan duration) => _stepDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("step", step));

    public void Remaining(TimeSpan remaining) => _remaining.Record(remaining.TotalDays);

    public void Slack(TimeSpan slack) => _slack.Record(slack.TotalDays);

    public void Due(int due, int overdue)
    {
        _due.Record(due);
        _overdue.Record(overdue);
    }

    public void Ambiguous() => _ambiguous.Add(1);

    public void Reconsent(string reason) => _reconsents.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void TokenRead(string answer) => _tokenReads.Add(1, new KeyValuePair<string, object?>("answer", answer));

    public void Tick(string outcome) => _ticks.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Link(string outcome) => _links.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Callback(string outcome) => _callbacks.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Call(string operation, int status) => _calls.Add(1, new("operation", operation), new("status", status));

    public void Refusal(string operation) => _refusals.Add(1, new KeyValuePair<string, object?>("operation", operation));

    public void TokenRefusal(string meaning) => _tokenRefusals.Add(1, new KeyValuePair<string, object?>("meaning", meaning));

    public void Revocation(string outcome) => _revocations.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Throttled(string dependency) => _throttled.Add(1, new KeyValuePair<string, object?>("dependency", dependency));

    public void Health(string dependency, bool isHealthy) => _health.Record(isHealthy ? 1 : 0, new KeyValuePair<string, object?>("dependency", dependency));

    public void AuditFailure(string what) => _auditFailures.Add(1, new KeyValuePair<string, object?>("what", what));

    public void UnreadableRow() => _unreadableRows.Add(1);
}
