using FinxFunctions.Tests.Faults.Proof;

namespace FinxFunctions.Tests.Faults.Interleavings;

/// <summary>What a call of a host is for, by what is seen on the wire.</summary>
internal enum Place
{
    Query,
    Agenda,
    Claim,

    /// <summary>A claim's row, written again without an answer: a lease taken over or extended, a replay, a rest.</summary>
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
    public static Place PlaceOf(this ProxiedCall call) => call switch
    {
        { IsTokenCall: true } => Place.TokenCall,
        { IsKeep: true } => Place.Keep,
        { Service: "vault", Method: "GET" } => Place.SecretRead,
        { Service: "vault", Method: "PUT" } => Place.SecretSet,
        { Service: "tables", Method: "GET" } => Place.Query,
        { Service: "tables" } when call.Target.Contains("/agenda", StringComparison.Ordinal) => Place.Agenda,
        { Service: "tables", Method: "PUT" } when call.Target.Contains("RowKey='claim'", StringComparison.Ordinal) => Place.Hold,
        { Service: "tables" } when call.Body.Contains("\"TokenHash\"", StringComparison.Ordinal) => Place.Claim,
        { Service: "tables" } when call.Body.Contains("DELETE ", StringComparison.Ordinal) && call.Body.Contains("RowKey='claim'", StringComparison.Ordinal) => Place.Commit,
        _ => Place.Other,
    };
}
