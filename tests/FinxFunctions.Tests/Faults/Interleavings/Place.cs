using FinxFunctions.Tests.Faults.Proof;

namespace FinxFunctions.Tests.Faults.Interleavings;

/// <summary>What a call of a host is for, by what is seen on the wire.</summary>
internal enum CallSite
{
    Query,
    Agenda,
    Claim,

    /// <summary>A lease's row, written again without an answer: a lease taken over or extended, a replay, a rest.</summary>
    Hold,

    TokenCall,
    Keep,
    SecretRead,
    SecretSet,
    Commit,
    Other,
}

internal static class Places
{
    public static CallSite PlaceOf(this ProxiedCall call) => call switch
    {
        { IsTokenCall: true } => CallSite.TokenCall,
        { IsKeep: true } => CallSite.Keep,
        { Service: "vault", Method: "GET" } => CallSite.SecretRead,
        { Service: "vault", Method: "PUT" } => CallSite.SecretSet,
        { Service: "tables", Method: "GET" } => CallSite.Query,
        { Service: "tables" } when call.Target.Contains("/agenda", StringComparison.Ordinal) => CallSite.Agenda,
        { Service: "tables", Method: "PUT" } when call.Target.Contains("RowKey='claim'", StringComparison.Ordinal) => CallSite.Hold,
        { Service: "tables" } when call.Body.Contains("\"TokenHash\"", StringComparison.Ordinal) => CallSite.Claim,
        { Service: "tables" } when call.Body.Contains("DELETE ", StringComparison.Ordinal) && call.Body.Contains("RowKey='claim'", StringComparison.Ordinal) => CallSite.Commit,
        _ => CallSite.Other,
    };
}
