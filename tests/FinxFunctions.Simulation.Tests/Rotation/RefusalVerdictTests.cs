using FinxFunctions.Rotation;

namespace FinxFunctions.Simulation.Tests.Rotation;

/// <summary>When a refusal of finX is believed: a table, and what holds for every row of it.</summary>
public sealed class RefusalVerdictTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(true, 1, 0, false, true, false, "00:00:30")]
    [InlineData(true, 2, 29, false, true, false, "00:00:30")]
    [InlineData(true, 2, 30, false, false, false, null)]
    [InlineData(true, 3, 60, true, true, false, "00:08:00")]
    [InlineData(true, 5, 86_400, true, false, false, "02:08:00")]
    [InlineData(true, 5, 86_400, true, true, false, null)]
    [InlineData(false, 1, 0, false, true, false, "00:00:30")]
    [InlineData(false, 2, 60, false, true, false, "00:02:00")]
    [InlineData(false, 5, 86_399, false, true, false, "02:08:00")]
    [InlineData(false, 4, 86_400, false, true, false, "00:32:00")]
    [InlineData(false, 5, 86_400, false, false, false, "02:08:00")]
    [InlineData(false, 5, 86_400, false, true, false, null)]
    [InlineData(false, 90, 80_000, false, true, false, "06:00:00")]
    [InlineData(false, 1, 0, true, false, true, null)]
    [InlineData(true, 1, 0, true, false, true, null)]
    public void A_refusal_is_believed_once_it_is_confirmed(bool isDead, int refusals, int seconds, bool isUnusual, bool othersRefresh, bool isOver, string? askAgainAfter) => Assert.Equal(
        askAgainAfter is null ? null : TimeSpan.Parse(askAgainAfter, System.Globalization.CultureInfo.InvariantCulture),
        RefusalVerdict.Of(isDead, refusals, TimeSpan.FromSeconds(seconds), Pause, isUnusual, othersRefresh, isOver).AskAgainAfter);

    [Fact]
    public void No_first_refusal_ends_a_living_token()
    {
        foreach (var (isDead, isUnusual, othersRefresh) in from d in Both from u in Both from o in Both select (d, u, o))
        {
            Assert.NotNull(RefusalVerdict.Of(isDead, 1, TimeSpan.FromDays(30), Pause, isUnusual, othersRefresh, isOver: false).AskAgainAfter);
        }
    }

    private static bool[] Both => [true, false];
}
