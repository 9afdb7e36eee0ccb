using System.Diagnostics;
using FinxFunctions.DevHost.Triggers;
using OpenTelemetry;

namespace FinxFunctions.DevHost;

/// <summary>
/// Records, of the requests traced in this process, only those to the app's functions. The sandbox runs in this process too, and its requests
/// do not belong to the app.
/// </summary>
public sealed class FunctionRequestFilter : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.Source.Name == FunctionTrace.SourceName && !FunctionTrace.IsOf(data))
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }
}
