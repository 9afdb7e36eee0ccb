using FinxFunctions.Benchmarks.Harness;
using FinxFunctions.KeyVault;
using FinxFunctions.Primitives;
using FinxFunctions.Rotation;
using Microsoft.Extensions.Options;

namespace FinxFunctions.Benchmarks.Subjects;

/// <summary>The memory that cached tokens take, and the setting that bounds it.</summary>
internal sealed class CacheMemory : Subject
{
    private const int Tokens = 100_000;
    private const int Length = 2_048;

    public override string Name => "cache";

    public override string Title => "memory with 100,000 cached tokens of 2 KB / the bytes, and the setting that bounds it";

    public override Task MeasureAsync(Run run, Finding finding)
    {
        List<double> ratios = [];
        for (var round = 0; round < run.Rounds(5, 3); round++)
            ratios.Add(Fill(megabytes: 1_024) / ((double)Tokens * Length));
        finding.Add(Figure.AtMost("memory / the bytes", new Samples(ratios), 1.5, isHeadline: true));

        const int Bound = 64;
        var bounded = Fill(Bound);
        finding.Add(new Figure($"memory with Tokens__CacheMegabytes={Bound} after as many", Text.Megabytes(bounded), Goal: $"≤ {Bound}.0 MB", IsMet: bounded <= Bound << 20));
        finding.Notes.Add("The heap before and after, garbage collected. An entry also holds a refresh token of 64 bytes and the other fields of the pair.");
        return Task.CompletedTask;
    }

    private static long Fill(int megabytes)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var cache = new TokenCache(Options.Create(new TokenOptions { CacheMegabytes = megabytes }), TimeProvider.System);
        var now = DateTimeOffset.UtcNow;
        for (var made = 0; made < Tokens; made++)
            cache.Put("function-key", new TokenPair(ConnectionId.New(), 1, new Secret(new string('a', Length)), "Bearer", now, now.AddHours(1), new Secret(new string('r', 64)), now, now.AddDays(90), "accounts=ro"));
        Thread.Sleep(500); // the cache makes room in the background
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(cache);
        return after - before;
    }
}
