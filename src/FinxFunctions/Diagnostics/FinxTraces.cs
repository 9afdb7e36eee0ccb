using System.Diagnostics;

namespace FinxFunctions.Diagnostics;

/// <summary>
/// What the service does, as traces. One connection's story runs over weeks and many requests: each part is a trace of its own, linked to the
/// part before by the W3C trace context that the rows keep. No tag holds a secret or says who a user is.
/// </summary>
public static class FinxTraces
{
    /// <summary>Name of the source.</summary>
    public const string SourceName = "FinxFunctions";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>What the rows keep of the part that is under way; null where nobody listens.</summary>
    public static string? Context => Activity.Current?.Id;

    /// <summary>Begins a part of a connection's story.</summary>
    /// <param name="former">The part before, as a row kept it.</param>
    public static Activity? Begin(string name, string connectionId, string? former)
    {
        IEnumerable<ActivityLink> links = former is not null && ActivityContext.TryParse(former, null, isRemote: true, out var context) ? [new ActivityLink(context)] : [];
        return Source.StartActivity(name, ActivityKind.Internal, parentContext: default, tags: [new("finx.connection_id", connectionId)], links: links);
    }

    /// <summary>Begins a step within a part.</summary>
    public static Activity? Step(string name) => Source.StartActivity(name);
}
