using CsCheck;
using FinxFunctions.Tests.Faults.Proof;
using FinxSandbox.Finx.Tokens;

namespace FinxFunctions.Tests.Faults.Interleavings;

/// <summary>Histories at random: enough happens at once, to the same connection, for hosts to meet.</summary>
internal static class Histories
{
    private static readonly Gen<int> Host = Gen.Int[0, History.Hosts - 1];

    /// <summary>At once; a moment later; when a lease that began with the last is over.</summary>
    private static readonly Gen<TimeSpan> Gaps = Gen.Frequency(
        (4, TimeSpan.Zero), (3, TimeSpan.FromSeconds(0.3)), (2, TimeSpan.FromSeconds(1)), (3, AfterLease));

    private static readonly Gen<Step> Steps = Gen.Select(
        Gaps,
        Host,
        Gen.Frequency((3, Act.Ask), (8, Act.Report), (3, Act.Tick), (2, Act.Renew), (1, Act.Delete)),
        Gen.Frequency((3, 0), (1, 1)),
        (after, host, act, connection) => new Step(after, host, act, connection));

    /// <summary>What stands between two hosts is most of all a claim, and what is done under it.</summary>
    private static readonly Gen<Place> Where = Gen.Frequency(
        (1, Place.Query), (1, Place.Agenda), (3, Place.Claim), (2, Place.Hold), (6, Place.TokenCall), (4, Place.Keep), (1, Place.SecretRead), (2, Place.SecretSet), (3, Place.Commit), (1, Place.Other));

    private static TimeSpan Moment => TimeSpan.FromSeconds(0.2);

    private static TimeSpan AfterLease => Timing.Hasty.Lease + Moment;

    private static TimeSpan Slow => 1.6 * Timing.Hasty.TokenTimeout;

    private static TimeSpan Long => 1.5 * Timing.Hasty.Lease;

    /// <summary>A moment; longer than finX may take; longer than a lease.</summary>
    private static readonly Gen<TimeSpan> Times = Gen.Frequency(
        (1, TimeSpan.FromSeconds(0.3)), (2, Slow), (4, Long));

    private static readonly Gen<Disturbance> Disturbances = Gen.Select(
        Where,
        Gen.Frequency((5, 1), (3, 2), (1, 3)),
        Gen.Enum<Harm>(),
        Times,
        (place, nth, harm, time) => new Disturbance(place, nth, harm, time));

    /// <summary>What everybody thinks of first, and what was found once: played each time.</summary>
    public static IReadOnlyList<History> Known { get; } =
    [
        // A process stands still between finX's answer and the keeping of it; two others want to take over, and finX honours no token twice.
        new(RefreshTokenReuse.Dead, Reports(AfterLease, TimeSpan.Zero), [new(Place.TokenCall, 1, Harm.Freeze, Long)]),

        // An answer is kept late, when another has presented the token again, was refused and has given the connection up.
        new(RefreshTokenReuse.Dead, Reports(AfterLease), [new(Place.Keep, 1, Harm.ArrivesLate, Long)]),

        // The same, when the other is still at it.
        new(RefreshTokenReuse.Dead, Reports(AfterLease), [new(Place.Keep, 1, Harm.ArrivesLate, Long), new(Place.TokenCall, 2, Harm.AnsweredLate, Slow)]),

        // A presentation that was given up for lost reaches finX after its replay, whose token is worthless from then on.
        new(RefreshTokenReuse.Grace, Reports(TimeSpan.Zero, Long + Moment), [new(Place.TokenCall, 1, Harm.ArrivesLate, Long)]),

        // A former owner goes on with its commit, when another has finished for it.
        new(RefreshTokenReuse.Dead, Reports(AfterLease), [new(Place.SecretSet, 1, Harm.Freeze, Long), new(Place.Commit, 1, Harm.ArrivesLate, Long)]),
    ];

    public static Gen<History> All { get; } = Gen.Select(
        Gen.OneOf(RefreshTokenReuse.Dead, RefreshTokenReuse.Grace),
        Steps.List[3, 9],
        Disturbances.List[1, 4],
        (reuse, steps, disturbances) => new History(reuse, steps, disturbances));

    /// <summary>One host after another is asked for a new token of the same connection: at once, and after each of these times.</summary>
    private static IReadOnlyList<Step> Reports(params IEnumerable<TimeSpan> gaps) =>
        [new(TimeSpan.Zero, 0, Act.Report, 0), .. gaps.Select((gap, index) => new Step(gap, index + 1, Act.Report, 0))];
}
