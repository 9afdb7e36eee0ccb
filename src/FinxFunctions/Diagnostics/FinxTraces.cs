using System.Diagnostics;

namespace FinxFunctions.Diagnostics;

/// <summary>
/// The traces of the service. A connection lives for months and through many requests. Each part is a trace of its own, linked to the part
/// before by the W3C trace context in the connection's rows. No tag holds a secret or personal data.
/// </summary>
public static class FinxTraces
{
    /// <summary>Name of the source.</summary>
    public const string SourceName = "FinxFunctions";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The trace context for the rows; null where no listener is registered.</summary>
    public static string? Context => Activity.Current?.Id;

    /// <summary>Begins a trace for one part of a connection's life.</summary>
    /// <param name="former">The trace context of the part before, as a row holds it.</param>
    public static Activity? Begin(string name, string connectionId, string? former)
    {
        IEnumerable<ActivityLink> links = former is not null && ActivityContext.TryParse(former, null, isRemote: true, out var context) ? [new ActivityLink(context)] : [];
        return Source.StartActivity(name, ActivityKind.Internal, parentContext: default, tags: [new("finx.connection_id", connectionId)], links: links);
    }

    /// <summary>Begins a step within a part.</summary>
    public static Activity? Step(string name) => Source.StartActivity(name);
}
