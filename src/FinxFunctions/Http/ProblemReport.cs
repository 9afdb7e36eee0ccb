using System.Text.Json.Serialization;

namespace FinxFunctions.Http;

/// <summary>Problem details (RFC 9457), with the members that this contract adds.</summary>
public sealed record ProblemReport(string Type, string Title, int Status, string Code, string? TraceId)
{
    /// <summary>Why a connection needs its user.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    /// <summary>By field, header or query parameter, what is wrong with it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>What finX answered, where it did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? FinxStatus { get; init; }

    /// <summary>finX's own code for it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? FinxCode { get; init; }
}
