using System.Net;
using System.Text.Json.Nodes;

namespace FinxFunctions.Tests.Faults.Proof;

/// <summary>The answer of a host.</summary>
internal sealed record Reply(HttpStatusCode Status, JsonObject Body, Uri? Location, TimeSpan? RetryAfter)
{
    public string? this[string field] => Body[field]?.ToString();

    /// <summary>Whether to ask again: nothing is decided yet.</summary>
    public bool IsForNow => Status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway;

    public override string ToString() => $"{(int)Status} {Body.ToJsonString()} {Location}";
}
