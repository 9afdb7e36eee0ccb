using FinxSandbox.Calls;
using FinxSandbox.Faults;
using FinxSandbox.Finx.Tokens;
using FinxSandbox.Finx.Widget;

namespace FinxSandbox.Control;

internal sealed record ClockBody(DateTimeOffset Now, TimeSpan Offset);

internal sealed record ClockChange(TimeSpan? Advance, DateTimeOffset? Set);

internal sealed record FaultBody(string Id, FaultRule Rule, int Applied, int? Remaining);

internal sealed record FaultListBody(IReadOnlyList<FaultBody> Faults);

internal sealed record JournalBody(IReadOnlyList<JournalEntry> Entries);

internal sealed record StateBody(IReadOnlyList<ConnectionState> Connections);

internal sealed record FinishRequest(WidgetOutcome Outcome = WidgetOutcome.Success);

internal sealed record FinishBody(string Location);

internal sealed record ProblemBody(string Error);
