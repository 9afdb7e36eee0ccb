using CsCheck;
using FinxFunctions.Tests.Faults.Proof;
using FinxSandbox.Finx.Tokens;

namespace FinxFunctions.Tests.Faults.Interleavings;

/// <summary>Random histories. Enough happens at once to the same connection that hosts compete for it.</summary>
internal static class Histories
{
    private static readonly Gen<int> Host = Gen.Int[0, History.Hosts - 1];

    /// <summary>At once; a moment later; after a lease that began with the step before.</summary>
    private static readonly Gen<TimeSpan> Gaps = Gen.Frequency(
        (4, TimeSpan.Zero), (3, TimeSpan.FromSeconds(0.3)), (2, TimeSpan.FromSeconds(1)), (3, AfterLease));

    private static readonly Gen<Step> Steps = Gen.Select(
        Gaps,
        Host,
        Gen.Frequency((3, RequestKind.Ask), (8, RequestKind.Report), (3, RequestKind.Tick), (2, RequestKind.Renew), (1, RequestKind.Delete)),
        Gen.Frequency((3, 0), (1, 1)),
        (after, host, act, connection) => new Step(after, host, act, connection));

    /// <summary>Mostly the lease, and what is done under it: that is where hosts compete.</summary>
    private static readonly Gen<CallSite> Where = Gen.Frequency(
        (1, CallSite.Query), (1, CallSite.Schedule), (3, CallSite.TakeLease), (2, CallSite.UpdateLease), (6, CallSite.TokenCall), (4, CallSite.Persist), (1, CallSite.SecretRead), (2, CallSite.SecretSet), (3, CallSite.Commit), (1, CallSite.Other));

    private static TimeSpan Moment => TimeSpan.FromSeconds(0.2);

    private static TimeSpan AfterLease => Timing.Hasty.Lease + Moment;

    private static TimeSpan Slow => 1.6 * Timing.Hasty.TokenTimeout;

    private static TimeSpan Long => 1.5 * Timing.Hasty.Lease;

    /// <summary>A moment; longer than finX may take; longer than a lease.</summary>
    private static readonly Gen<TimeSpan> Times = Gen.Frequency(
        (1, TimeSpan.FromSeconds(0.3)), (2, Slow), (4, Long));

    private static readonly Gen<CallFault> Faults = Gen.Select(
        Where,
        Gen.Frequency((5, 1), (3, 2), (1, 3)),
        Gen.Enum<FaultKind>(),
        Times,
        (site, nth, kind, time) => new CallFault(site, nth, kind, time));

    /// <summary>The obvious ones, and those that once found a fault. All are played in the long form; the first one each time.</summary>
    public static IReadOnlyList<History> Known { get; } =
    [
        // A process is stopped between finX's answer and its persisting. Two others want to take over, and finX honours no token twice.
        new(RefreshTokenReuse.Dead, Reports(AfterLease, TimeSpan.Zero), [new(CallSite.TokenCall, 1, FaultKind.Freeze, Long)]),

        // An answer is persisted late, when another has presented the token again, was refused and has given the connection up.
        new(RefreshTokenReuse.Dead, Reports(AfterLease), [new(CallSite.Persist, 1, FaultKind.ArrivesLate, Long)]),

        // The same, when the other is still at it.
        new(RefreshTokenReuse.Dead, Reports(AfterLease), [new(CallSite.Persist, 1, FaultKind.ArrivesLate, Long), new(CallSite.TokenCall, 2, FaultKind.AnsweredLate, Slow)]),

        // A presentation that was given up reaches finX after its replay, whose token is worthless from then on.
        new(RefreshTokenReuse.Grace, Reports(TimeSpan.Zero, Long + Moment), [new(CallSite.TokenCall, 1, FaultKind.ArrivesLate, Long)]),

        // A former lease holder goes on with its commit, when another has finished for it.
        new(RefreshTokenReuse.Dead, Reports(AfterLease), [new(CallSite.SecretSet, 1, FaultKind.Freeze, Long), new(CallSite.Commit, 1, FaultKind.ArrivesLate, Long)]),
    ];

    public static Gen<History> All { get; } = Gen.Select(
        Gen.OneOf(RefreshTokenReuse.Dead, RefreshTokenReuse.Grace),
        Steps.List[3, 9],
        Faults.List[1, 4],
        (reuse, steps, faults) => new History(reuse, steps, faults));

    /// <summary>One host after another is asked for a new token of the same connection: at once, and after each of these times.</summary>
    private static IReadOnlyList<Step> Reports(params IEnumerable<TimeSpan> gaps) =>
        [new(TimeSpan.Zero, 0, RequestKind.Report, 0), .. gaps.Select((gap, index) => new Step(gap, index + 1, RequestKind.Report, 0))];
}
