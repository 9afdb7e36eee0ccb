using System.Diagnostics;
using FinxFunctions.DevHost.Triggers;
using OpenTelemetry;

namespace FinxFunctions.DevHost;

/// <summary>
/// Of the requests traced in this process only the calls of the app's functions: the sandbox plays finX and Key Vault here, whose requests are
/// not ours to record.
/// </summary>
public sealed class OwnRequests : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.Source.Name == FunctionTrace.SourceName && !FunctionTrace.IsOf(data))
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }
}
