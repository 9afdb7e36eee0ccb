using FinxFunctions.Maintenance;
using Microsoft.Extensions.Time.Testing;

namespace FinxFunctions.Simulation.Tests.Maintenance;

public sealed class TokenBucketTests
{
    /// <summary>A second's worth at ten a second, and the one whose turn it is.</summary>
    private const int Burst = 11;

    private readonly FakeTimeProvider _time = new();
    private readonly TokenBucket _bucket;

    public TokenBucketTests() => _bucket = new TokenBucket(10, _time);

    [Fact]
    public void It_lets_through_a_seconds_worth_and_then_so_much_a_second()
    {
        AssertBurst();
        var (first, second) = (Take(), Take());

        _time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(first.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(first.IsCompleted);
        Assert.False(second.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.True(second.IsCompleted);
    }

    [Fact]
    public void A_long_rest_saves_up_no_more_than_a_second()
    {
        AssertBurst();
        _time.Advance(TimeSpan.FromMinutes(1));

        AssertBurst();

        Assert.False(Take().IsCompleted);
    }

    [Fact]
    public void Who_gives_up_waits_no_longer()
    {
        AssertBurst();
        using var gaveUp = new CancellationTokenSource();
        var waiting = _bucket.TakeAsync(gaveUp.Token);

        gaveUp.Cancel();

        Assert.True(waiting.IsCanceled);
    }

    private void AssertBurst() => Assert.All(Enumerable.Range(0, Burst), _ => Assert.True(Take().IsCompleted));

    private Task Take() => _bucket.TakeAsync(TestContext.Current.CancellationToken);
}
