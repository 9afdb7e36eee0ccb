using FinxFunctions.KeyVault;
using Microsoft.Extensions.Caching.Memory;

namespace FinxFunctions.Rotation;

/// <summary>Token pairs in memory, for <see cref="TokenOptions.CacheDuration"/> and in bounded space. The stores hold the truth: a pair that finX refuses is read again.</summary>
public sealed class TokenCache(IOptions<TokenOptions> options, TimeProvider time) : IDisposable
{
    private const long Megabyte = 1024 * 1024;

    /// <summary>Bytes that a pair takes besides its tokens: its other fields, and the cache entry.</summary>
    private const int Overhead = 800;

    private readonly MemoryCache _pairs = new(new MemoryCacheOptions { SizeLimit = options.Value.CacheMegabytes * Megabyte });

    /// <summary>The pair of a caller's connection; null where it is not in memory or belongs to another caller.</summary>
    public TokenPair? Find(string owner, string connectionId) => Find(connectionId) is { } entry && entry.Owner == owner ? entry.Pair : null;

    /// <summary>Adds a pair. It does not replace a newer one.</summary>
    public void Put(string owner, TokenPair pair)
    {
        if (options.Value.CacheDuration > TimeSpan.Zero && !(Find(pair.ConnectionId)?.Pair.Generation > pair.Generation))
        {
            _pairs.Set(pair.ConnectionId, new Entry(owner, pair, time.GetUtcNow()), new MemoryCacheEntryOptions { Size = SizeOf(pair), AbsoluteExpirationRelativeToNow = options.Value.CacheDuration });
        }
    }

    public void Remove(string connectionId) => _pairs.Remove(connectionId);

    public void Dispose() => _pairs.Dispose();

    private Entry? Find(string connectionId) =>
        _pairs.TryGetValue(connectionId, out Entry? entry) && time.GetUtcNow() - entry!.ReadAt < options.Value.CacheDuration ? entry : null;

    private static long SizeOf(TokenPair pair) => Overhead + pair.AccessToken.Utf8.Length + (pair.RefreshToken?.Utf8.Length ?? 0);

    private sealed record Entry(string Owner, TokenPair Pair, DateTimeOffset ReadAt);
}
