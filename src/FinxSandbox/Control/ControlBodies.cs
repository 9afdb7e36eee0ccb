using FinxSandbox.Calls;
using FinxSandbox.Faults;
using FinxSandbox.Finx.Tokens;
using FinxSandbox.Finx.Widget;

namespace FinxSandbox.Control;

internal sealed record ClockBody(DateTimeOffset Now, TimeSpan Offset);

internal sealed record ClockChange(TimeSpan? Advance, DateTimeOffset? Set);

internal sealed record FaultBody(string Id, FaultRule Rule, int Applied, int? Remaining);

internal sealed record FaultListBody(IReadOnlyList<FaultBody> Faults);

/// <param name="Acts">Whether the call acts unless the rule says otherwise.</param>
internal sealed record OddAnswerBody(string Name, bool Acts);

internal sealed record OddAnswerListBody(IReadOnlyList<OddAnswerBody> Answers);

internal sealed record RestoreRequest
{
    /// <summary>A moment by the sandbox clock.</summary>
    public required DateTimeOffset To { get; init; }
}

internal sealed record JournalBody(IReadOnlyList<JournalEntry> Entries);

internal sealed record StateBody(IReadOnlyList<ConnectionState> Connections);

internal sealed record FinishRequest(WidgetOutcome Outcome = WidgetOutcome.Success);

internal sealed record FinishBody(string Location);

internal sealed record ProblemBody(string Error);
