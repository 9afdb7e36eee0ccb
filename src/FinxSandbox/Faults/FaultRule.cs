using System.Text.Json.Serialization;

namespace FinxSandbox.Faults;

/// <summary>Which calls fail, and how. A condition that is null matches every call.</summary>
public sealed record FaultRule
{
    public required FaultKind Kind { get; init; }

    /// <summary>Such as <c>token.refresh</c>; <c>*</c> stands for anything, as in <c>vault.*</c>.</summary>
    public string? Operation { get; init; }

    public string? Method { get; init; }

    /// <summary>Such as <c>/rest/accounts/*</c>; <c>*</c> stands for anything.</summary>
    public string? Path { get; init; }

    /// <summary>The number of matching calls that pass first.</summary>
    public int Skip { get; init; }

    /// <summary>The number of matching calls with the fault after those; null for all until the rule is removed.</summary>
    public int? Times { get; init; } = 1;

    /// <summary>Real time to wait before acting.</summary>
    public TimeSpan DelayBefore { get; init; }

    /// <summary>Real time to wait between acting and answering.</summary>
    public TimeSpan DelayAfter { get; init; }

    /// <summary>In process only: the call waits for this before acting.</summary>
    [JsonIgnore]
    public Task? HoldBefore { get; init; }

    /// <summary>In process only: the call waits for this between acting and answering.</summary>
    [JsonIgnore]
    public Task? HoldAfter { get; init; }

    public int? Status { get; init; }

    /// <summary>The answer's body, sent as application/json.</summary>
    public string? Body { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Names of JSON properties to leave out, at any depth.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];
}
