using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FinxSandbox.Calls;

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

    /// <summary>Only calls of this user, as far as finX can tell from the token, the code or the body.</summary>
    public string? User { get; init; }

    /// <summary>Only calls with this token or code: its <see cref="TokenHash"/>.</summary>
    public string? Token { get; init; }

    /// <summary>Only calls with a token or code that was issued less than this ago, by finX's clock.</summary>
    public TimeSpan? YoungerThan { get; init; }

    /// <summary>Only calls on a connection that has carried a call before (true), or on a new one (false).</summary>
    public bool? Reused { get; init; }

    /// <summary>When the rule begins: so long after it was added, by the sandbox clock.</summary>
    public TimeSpan After { get; init; }

    /// <summary>How long the rule lasts from then on, by the sandbox clock; null until it is removed.</summary>
    public TimeSpan? For { get; init; }

    /// <summary>The number of matching calls that pass first.</summary>
    public int Skip { get; init; }

    /// <summary>The number of matching calls with the fault after those; null for all until the rule is removed.</summary>
    public int? Times { get; init; } = 1;

    /// <summary>The share of the matching calls that have the fault, from 0 to 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>With the same seed the same calls have the fault; null takes a random one.</summary>
    public int? Seed { get; init; }

    /// <summary>Whether the call takes effect; null for what <see cref="Kind"/> says.</summary>
    public bool? Acts { get; init; }

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

    /// <summary>For <see cref="FaultKind.Answer"/>: a name of <see cref="FaultRules.OddAnswers"/>.</summary>
    public string? Odd { get; init; }

    public int? Status { get; init; }

    /// <summary>Headers of the answer, in place of its own of the same name. Characters beyond ASCII are sent as Latin-1.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The answer's body, sent as application/json. <c>{{refresh_token}}</c> stands for that member of the right answer, where the call acts.</summary>
    public string? Body { get; init; }

    /// <summary>The answer's body in bytes, in place of <see cref="Body"/>.</summary>
    public byte[]? BodyBase64 { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether <see cref="RetryAfter"/> is sent as a date, by finX's clock, and not in seconds.</summary>
    public bool RetryAfterIsDate { get; init; }

    /// <summary>Names of JSON properties to leave out, at any depth.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>Members to put into the answer's JSON object.</summary>
    public JsonObject? Set { get; init; }

    /// <summary>After so many bytes of the body the connection is closed. Content-Length says that there are more.</summary>
    public int? CutAfter { get; init; }

    /// <summary>After so many bytes of the body nothing follows, and the connection stays open.</summary>
    public int? StallAfter { get; init; }
}
