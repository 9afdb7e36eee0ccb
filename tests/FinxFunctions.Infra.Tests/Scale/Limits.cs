namespace FinxFunctions.Infra.Tests.Scale;

/// <summary>What Azure documents as its limits, and what the app makes of them.</summary>
internal static class Limits
{
    /// <summary>New secret versions that a vault takes in a second: 300 in 10 (learn.microsoft.com/azure/key-vault/general/service-limits).</summary>
    public const double VaultSetsPerSecond = 30;

    /// <summary>Of these, what the timer uses (<c>TickLimits</c>); the rest is for callers. Vaults are counted by it too.</summary>
    public const double PlannedVaultSetsPerSecond = 25;

    /// <summary>Other calls that a vault takes in a second: 4,000 in 10.</summary>
    public const double VaultReadsPerSecond = 400;

    /// <summary>A subscription takes five times what a vault takes, in one region.</summary>
    public const int VaultsWorthInSubscription = 5;

    /// <summary>Calls that a storage account's tables take in a second (learn.microsoft.com/azure/storage/tables/scalability-targets).</summary>
    public const double TableCallsPerSecond = 20_000;

    /// <summary>Parts of a minute in the agenda: a connection's last hexadecimal digit (<c>Agenda</c>).</summary>
    public const int AgendaShards = 16;
}
