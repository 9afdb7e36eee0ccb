using FinxFunctions.Maintenance;
using Microsoft.Extensions.Time.Testing;

namespace FinxFunctions.Simulation.Tests.Maintenance;

public sealed class TokenBucketTests
{
    /// <summary>One second's worth at ten a second, and the one that is due now.</summary>
    private const int Burst = 11;

    private readonly FakeTimeProvider _time = new();
    private readonly TokenBucket _bucket;

    public TokenBucketTests() => _bucket = new TokenBucket(10, _time);

    [Fact]
    public void After_a_burst_of_one_second_the_rate_is_kept()
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
    public void A_long_pause_allows_a_burst_of_one_second_only()
    {
        AssertBurst();
        _time.Advance(TimeSpan.FromMinutes(1));

        AssertBurst();

        Assert.False(Take().IsCompleted);
    }

    [Fact]
    public void A_cancelled_wait_ends_at_once()
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
