using FinxFunctions.Tests.Faults.Proof;

namespace FinxFunctions.Tests.Faults.Interleavings;

internal static class CallSites
{
    public static CallSite SiteOf(this ProxiedCall call) => call switch
    {
        { IsTokenCall: true } => CallSite.TokenCall,
        { IsPersist: true } => CallSite.Persist,
        { Service: "vault", Method: "GET" } => CallSite.SecretRead,
        { Service: "vault", Method: "PUT" } => CallSite.SecretSet,
        { Service: "tables", Method: "GET" } => CallSite.Query,
        { Service: "tables" } when call.Target.Contains("/agenda", StringComparison.Ordinal) => CallSite.Schedule,
        { Service: "tables", Method: "PUT" } when call.Target.Contains("RowKey='claim'", StringComparison.Ordinal) => CallSite.UpdateLease,
        { Service: "tables" } when call.Body.Contains("\"TokenHash\"", StringComparison.Ordinal) => CallSite.TakeLease,
        { Service: "tables" } when call.Body.Contains("DELETE ", StringComparison.Ordinal) && call.Body.Contains("RowKey='claim'", StringComparison.Ordinal) => CallSite.Commit,
        _ => CallSite.Other,
    };
}
