using System.Net;
using System.Text.Json.Nodes;

namespace FinxFunctions.Tests.Faults.Proof;

/// <summary>What a host answered.</summary>
internal sealed record Reply(HttpStatusCode Status, JsonObject Body, Uri? Location, TimeSpan? RetryAfter)
{
    public string? this[string field] => Body[field]?.ToString();

    /// <summary>Whether asking again makes sense: nothing is decided.</summary>
    public bool IsForNow => Status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway;

    public override string ToString() => $"{(int)Status} {Body.ToJsonString()} {Location}";
}
