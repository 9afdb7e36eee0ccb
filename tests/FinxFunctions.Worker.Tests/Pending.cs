using FinxFunctions.Worker.Tests.Hosts;

namespace FinxFunctions.Worker.Tests;

/// <summary>
/// What a host does not do yet. A case that asks for it names the entry here; when the app does it, the entry goes, and what no longer
/// compiles is switched on. With FINX_SUITE_PENDING in the environment these cases run all the same, to show what they find.
/// </summary>
internal static class Pending
{
    /// <summary>Ends a case that a host does not pass yet.</summary>
    public static void On(HostKind kind, string what, params HostKind[] hosts) => If(hosts.Length == 0 || hosts.Contains(kind), what);

    /// <summary>Ends a case that the app does not pass yet.</summary>
    public static void If(bool isPending, string what) => Assert.SkipWhen(isPending && Environment.GetEnvironmentVariable("FINX_SUITE_PENDING") is null, $"Not yet: {what}");

    /// <summary>The worker ends with a stack trace where a setting is wrong.</summary>
    public const string StartMessage = "wrong settings stop the worker's start with one line";

    /// <summary>The worker starts with a RotationSchedule that is absent or wrong; DevHost's line names the value and not the setting.</summary>
    public const string ScheduleCheck = "a wrong RotationSchedule stops the start with a line that names it";

    /// <summary>A probe with a query string is answered 400.</summary>
    public const string HealthQuery = "a health probe with a query string is answered";

    /// <summary>404 comes without a body, and a wrong verb is 404.</summary>
    public const string RouteProblems = "an unknown route and a wrong verb are answered with problem details";

    /// <summary>The worker warns of data protection keys.</summary>
    public const string QuietStart = "the worker's start logs no warning";

    /// <summary>A worker that is told to stop before its web server listens ends with exit code 134 and a stack trace.</summary>
    public const string StopInStart = "a stop during the start is a stop like any other";

    /// <summary>A problem's trace_id is null in a worker that sends no telemetry.</summary>
    public const string TraceId = "every problem has a trace_id";

    /// <summary>A tick that is cancelled counts as failed; one that runs while a signal ends the worker takes leases and cannot present their tokens.</summary>
    public const string StopHandling = "nothing is lost when the app is told to stop";
}
