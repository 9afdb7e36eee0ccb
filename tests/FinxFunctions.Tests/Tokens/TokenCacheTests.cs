using Finx.Tokens;
using Microsoft.Extensions.Options;

namespace FinxFunctions.Tests.Tokens;

public class TokenCacheTests
{
    private const string Owner = "owner";
    private const int Pairs = 3_000;

    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    [Theory]
    [InlineData(1, 250, 370)]
    [InlineData(4, 1_000, 1_480)]
    public void The_memory_that_pairs_may_take_is_a_setting(int megabytes, int least, int most)
    {
        using var cache = new TokenCache(Options.Create(new TokenOptions { CacheMegabytes = megabytes }), TimeProvider.System);

        for (var number = 0; number < Pairs; number++)
        {
            cache.Put(Owner, Pair(number, generation: 1));
        }

        Assert.InRange(Enumerable.Range(0, Pairs).Count(number => cache.Find(Owner, IdOf(number)) is not null), least, most);
    }

    [Fact]
    public void A_pair_is_its_owners_alone_and_gives_way_to_a_newer_one_only()
    {
        using var cache = new TokenCache(Options.Create(new TokenOptions()), TimeProvider.System);

        cache.Put(Owner, Pair(1, generation: 2));
        cache.Put(Owner, Pair(1, generation: 1));

        Assert.Equal(2, cache.Find(Owner, IdOf(1))?.Generation);
        Assert.Null(cache.Find("another", IdOf(1)));
    }

    private static string IdOf(int number) => number.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);

    private static TokenPair Pair(int number, int generation) =>
        new(IdOf(number), generation, new Secret(new string('a', 2048)), "Bearer", Now, Now.AddHours(1), new Secret(new string('r', 64)), Now, Now.AddDays(90), null);
}
