using FinxFunctions.KeyVault;
using FinxFunctions.Rotation;

namespace FinxFunctions.Maintenance;

/// <summary>How much one tick may do: for how long, how many connections at a time, and how many a second.</summary>
public sealed class TickLimits(IOptions<TokenOptions> tokens, IOptions<VaultOptions> vaults, TimeProvider time)
{
    /// <summary>Key Vault accepts 300 new secret versions in 10 seconds. The remaining ones are left for callers.</summary>
    private const int SetsPerSecondAndVault = 25;

    /// <summary>How many connections are reconciled at a time.</summary>
    public int Concurrency => tokens.Value.TickConcurrency;

    /// <summary>The rate at which connections are reconciled: as configured, but no faster than the vaults allow.</summary>
    public TokenBucket NewBucket() => new(Math.Min(tokens.Value.TickRefreshesPerSecond, SetsPerSecondAndVault * vaults.Value.Addresses.Count), time);

    /// <summary>A token that is cancelled when the tick must begin no new work: after <see cref="TokenOptions.TickBudget"/>.</summary>
    public CancellationTokenSource NewBudget() => new(tokens.Value.TickBudget, time);
}
