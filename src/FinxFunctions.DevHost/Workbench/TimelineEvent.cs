namespace FinxFunctions.DevHost.Workbench;

/// <summary>Something that happened, in words.</summary>
/// <param name="Number">From 1, in the order in which it became known.</param>
/// <param name="Kind">Such as <c>lease</c> or <c>tick</c>; the page gives each its own look.</param>
/// <param name="At">By the sandbox's clock.</param>
/// <param name="IsTrouble">Whether something did not go as it should.</param>
public sealed record TimelineEvent(long Number, string Kind, string Text, DateTimeOffset At, bool IsTrouble);
