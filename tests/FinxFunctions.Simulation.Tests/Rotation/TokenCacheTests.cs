using FinxFunctions.KeyVault;
using FinxFunctions.Primitives;
using FinxFunctions.Rotation;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FinxFunctions.Simulation.Tests.Rotation;

public sealed class TokenCacheTests : IDisposable
{
    private static readonly TimeSpan Duration = TimeSpan.FromMinutes(5);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly TokenOptions _options = new() { CacheDuration = Duration };
    private readonly TokenCache _cache;

    public TokenCacheTests() => _cache = new TokenCache(Options.Create(_options), _time);

    [Fact]
    public void It_gives_a_caller_its_pair_until_it_is_too_old()
    {
        var pair = PairOf(1);
        _cache.Put("caller", pair);

        _time.Advance(Duration - TimeSpan.FromTicks(1));
        Assert.Equal(pair, _cache.Find("caller", Pairs.Id));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Null(_cache.Find("caller", Pairs.Id));
    }

    [Fact]
    public void It_gives_no_caller_the_pair_of_another()
    {
        _cache.Put("caller", PairOf(1));

        Assert.Null(_cache.Find("other", Pairs.Id));
    }

    [Fact]
    public void An_older_pair_does_not_take_the_place_of_a_newer()
    {
        _cache.Put("caller", PairOf(2));

        _cache.Put("caller", PairOf(1));
        Assert.Equal(2, _cache.Find("caller", Pairs.Id)!.Generation);
        _cache.Put("caller", PairOf(3));
        Assert.Equal(3, _cache.Find("caller", Pairs.Id)!.Generation);
    }

    [Fact]
    public void A_pair_that_was_read_again_is_as_good_as_new()
    {
        _cache.Put("caller", PairOf(1));
        _time.Advance(TimeSpan.FromMinutes(4));

        _cache.Put("caller", PairOf(1));

        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.NotNull(_cache.Find("caller", Pairs.Id));
    }

    [Fact]
    public void What_was_removed_is_gone()
    {
        _cache.Put("caller", PairOf(1));

        _cache.Remove(Pairs.Id);

        Assert.Null(_cache.Find("caller", Pairs.Id));
    }

    [Fact]
    public void Without_a_duration_nothing_is_cached()
    {
        _options.CacheDuration = TimeSpan.Zero;

        _cache.Put("caller", PairOf(1));

        _options.CacheDuration = Duration;
        Assert.Null(_cache.Find("caller", Pairs.Id));
    }

    [Theory]
    [InlineData(1, 250, 370)]
    [InlineData(4, 1_000, 1_480)]
    public void The_memory_that_pairs_may_take_is_a_setting(int megabytes, int least, int most)
    {
        const int Stored = 3_000;
        using var cache = new TokenCache(Options.Create(new TokenOptions { CacheMegabytes = megabytes }), TimeProvider.System);
        var pair = PairOf(1) with { AccessToken = new Secret(new string('a', 2048)) };

        foreach (var number in Enumerable.Range(0, Stored))
        {
            cache.Put("caller", pair with { ConnectionId = $"{number}" });
        }

        Assert.InRange(Enumerable.Range(0, Stored).Count(number => cache.Find("caller", $"{number}") is not null), least, most);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void It_takes_a_bounded_space(int more, bool isCached)
    {
        // A megabyte, but for what a pair takes beside its tokens and for the refresh token.
        const int Left = (1024 * 1024) - 800 - 7;
        using var cache = new TokenCache(Options.Create(new TokenOptions { CacheMegabytes = 1 }), _time);

        cache.Put("caller", PairOf(1) with { AccessToken = new Secret(new string('a', Left + more)) });
        Assert.Equal(isCached, cache.Find("caller", Pairs.Id) is not null);

        cache.Remove(Pairs.Id);
        cache.Put("caller", PairOf(1) with { AccessToken = new Secret(new string('a', Left + 7 + more)), RefreshToken = null });
        Assert.Equal(isCached, cache.Find("caller", Pairs.Id) is not null);
    }

    [Fact]
    public void It_ends_with_the_process()
    {
        _cache.Dispose();

        Assert.Throws<ObjectDisposedException>(() => _cache.Find("caller", Pairs.Id));
    }

    public void Dispose() => _cache.Dispose();

    private TokenPair PairOf(int generation) => Pairs.Of(generation, _time.GetUtcNow(), TimeSpan.FromHours(1));
}
