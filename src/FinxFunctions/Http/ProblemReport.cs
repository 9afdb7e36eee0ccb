using System.Text.Json.Serialization;

namespace FinxFunctions.Http;

/// <summary>Problem details (RFC 9457) with the members of this contract.</summary>
public sealed record ProblemReport(string Type, string Title, int Status, string Code, string TraceId)
{
    /// <summary>Why a connection needs its user; null for other problems.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    /// <summary>The errors by field path, header or query parameter.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>The HTTP status of finX; null if finX did not answer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? FinxStatus { get; init; }

    /// <summary>The error code of finX; null if finX gave none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? FinxCode { get; init; }
}
