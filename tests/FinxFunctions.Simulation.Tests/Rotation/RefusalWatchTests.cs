using FinxFunctions.Rotation;
using Microsoft.Extensions.Time.Testing;

namespace FinxFunctions.Simulation.Tests.Rotation;

/// <summary>Unusually many refusals at once say nothing about the tokens.</summary>
public sealed class RefusalWatchTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RefusalWatch _watch;

    public RefusalWatchTests() => _watch = new RefusalWatch(_time);

    [Fact]
    public void Five_of_five_are_unusual_and_four_are_not()
    {
        Refuse(4);
        Assert.False(_watch.IsUnusual);

        Refuse(5);

        Assert.True(_watch.IsUnusual);
    }

    [Fact]
    public void A_connection_that_is_refused_often_counts_once()
    {
        for (var times = 0; times < 100; times++)
        {
            _watch.Refused("one");
        }

        Assert.False(_watch.IsUnusual);
    }

    [Fact]
    public void A_fifth_of_all_is_unusual_and_less_is_not()
    {
        Refuse(10);
        Rotate(41);
        Assert.False(_watch.IsUnusual);

        Refuse(11);

        Assert.True(_watch.IsUnusual);
    }

    [Fact]
    public void A_connection_that_is_well_again_is_not_counted()
    {
        Refuse(5);

        _watch.Rotated("refused-0");

        Assert.False(_watch.IsUnusual);
        Assert.Equal(_time.GetUtcNow(), _watch.LastRotation);
    }

    [Fact]
    public void After_ten_minutes_an_answer_is_forgotten()
    {
        Refuse(5);
        _time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1));
        Assert.True(_watch.IsUnusual);

        _time.Advance(TimeSpan.FromTicks(1));

        Assert.False(_watch.IsUnusual);
    }

    [Fact]
    public void It_remembers_so_many_and_no_more()
    {
        Refuse(5);

        Rotate(20_000);

        Refuse(4);
        Assert.False(_watch.IsUnusual);
    }

    private void Refuse(int connections)
    {
        for (var connection = 0; connection < connections; connection++)
        {
            _watch.Refused($"refused-{connection}");
        }
    }

    private void Rotate(int connections)
    {
        for (var connection = 0; connection < connections; connection++)
        {
            _watch.Rotated($"rotated-{connection}");
        }
    }
}
