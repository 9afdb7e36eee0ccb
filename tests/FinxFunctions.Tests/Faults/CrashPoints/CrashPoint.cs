namespace FinxFunctions.Tests.Faults.CrashPoints;

/// <summary>A moment at which a host dies.</summary>
/// <param name="Call">Number of the call, from 1.</param>
/// <param name="IsAsked">Whether the user and the service ask again at once. If not, only the timer finds the interrupted work.</param>
/// <param name="LosesAnswer">Whether finX has issued a token by then that is not yet persisted.</param>
internal sealed record CrashPoint(int Call, string Name, CrashMoment Moment, bool IsAsked, bool LosesAnswer)
{
    public override string ToString() => $"call {Call} ({Name}), {Moment.ToString().ToLowerInvariant()}, {(IsAsked ? "asked again" : "left to the timer")}";
}
