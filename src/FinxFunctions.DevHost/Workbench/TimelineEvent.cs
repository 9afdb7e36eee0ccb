namespace FinxFunctions.DevHost.Workbench;

/// <summary>An event, as a text.</summary>
/// <param name="Number">From 1, in the order in which the events became known.</param>
/// <param name="Kind">The kind of event, such as <c>lease</c> or <c>tick</c>. The page styles each kind.</param>
/// <param name="At">The time by the sandbox's clock.</param>
/// <param name="IsTrouble">Whether something went wrong.</param>
public sealed record TimelineEvent(long Number, string Kind, string Text, DateTimeOffset At, bool IsTrouble);
