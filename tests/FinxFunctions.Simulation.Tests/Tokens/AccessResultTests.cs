using FinxFunctions.KeyVault;
using FinxFunctions.State;
using FinxFunctions.Tokens;

namespace FinxFunctions.Simulation.Tests.Tokens;

public sealed class AccessResultTests
{
    private static readonly TokenPair Pair = Pairs.Of(1, DateTimeOffset.UnixEpoch, TimeSpan.FromHours(1));

    private static readonly Dictionary<string, AccessResult> Results = new()
    {
        ["warm"] = new AccessResult.Granted(Pair, AccessSource.Warm),
        ["cold"] = new AccessResult.Granted(Pair, AccessSource.Cold),
        ["refreshed"] = new AccessResult.Granted(Pair, AccessSource.Refreshed),
        ["stale"] = new AccessResult.Granted(Pair, AccessSource.Stale),
        ["busy"] = new AccessResult.TryLater(TryLaterCause.Busy, TimeSpan.Zero),
        ["finx_unavailable"] = new AccessResult.TryLater(TryLaterCause.FinxRefused, TimeSpan.Zero),
        ["needs_reconsent"] = new AccessResult.NeedsReconsent("refused"),
        ["unknown_connection"] = new AccessResult.UnknownConnection(),
    };

    [Fact]
    public void Each_result_has_its_name_in_metrics() => Assert.All(Results, result => Assert.Equal(result.Key, result.Value.Name));
}
