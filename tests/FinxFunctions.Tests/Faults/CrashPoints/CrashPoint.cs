namespace FinxFunctions.Tests.Faults.CrashPoints;

/// <summary>A moment to die at.</summary>
/// <param name="Call">Number of the call, from 1.</param>
/// <param name="IsAsked">Whether the user and the service ask again at once; else the timer alone has to find what was left.</param>
/// <param name="LosesAnswer">Whether finX has issued a token by then that nobody has written down.</param>
internal sealed record CrashPoint(int Call, string Name, CrashMoment Moment, bool IsAsked, bool LosesAnswer)
{
    public override string ToString() => $"call {Call} ({Name}), {Moment.ToString().ToLowerInvariant()}, {(IsAsked ? "asked again" : "left to the timer")}";
}
