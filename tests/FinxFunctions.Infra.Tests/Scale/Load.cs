using FinxFunctions.StandIns;

namespace FinxFunctions.Infra.Tests.Scale;

/// <summary>What a number of connections asks of the service and of what it depends on.</summary>
/// <param name="Connections">How many there are.</param>
/// <param name="VisitsPerDay">How often a connection is used in a day; each time its access token has ended, for it lives an hour.</param>
/// <param name="IsAlwaysReady">Whether instances wait: two for HTTP and two for the timer.</param>
/// <param name="IsPrivate">Whether there are private endpoints.</param>
internal sealed record Load(long Connections, double VisitsPerDay, bool IsAlwaysReady, bool IsPrivate)
{
    private const double SecondsPerDay = 86_400;

    private double Peak => VisitsPerDay > 0 ? Assumptions.Peak : 1;

    /// <summary>Refreshes a second, on average: on demand, or by the timer where nobody calls.</summary>
    public double Refreshes => Connections * Math.Max(VisitsPerDay, 1 / Assumptions.DaysBetweenRotations) / SecondsPerDay;

    /// <summary>Reads of accounts and transactions a second, on average.</summary>
    public double Reads => Connections * VisitsPerDay * Assumptions.ReadsPerVisit / SecondsPerDay;

    public double PeakRefreshes => Refreshes * Peak;

    public double PeakFinxCalls => AtPeak(calls => calls.FinxCalls);

    public double PeakTableCalls => AtPeak(calls => calls.TableCalls);

    public double PeakVaultSets => AtPeak(calls => calls.VaultSets);

    public double PeakVaultReads => AtPeak(calls => calls.VaultReads);

    public long Vaults => Math.Max(1, Math.Max(Ceiling(PeakVaultSets / Limits.PlannedVaultSetsPerSecond), Ceiling(PeakVaultReads / Limits.VaultReadsPerSecond)));

    /// <summary>Subscriptions that the vaults have to be spread over.</summary>
    public long Subscriptions => Math.Max(
        Ceiling(PeakVaultSets / (Limits.VaultSetsPerSecond * Limits.VaultsWorthInSubscription)),
        Ceiling(PeakVaultReads / (Limits.VaultReadsPerSecond * Limits.VaultsWorthInSubscription)));

    public long StorageAccounts => Ceiling(PeakTableCalls / Limits.TableCallsPerSecond);

    /// <summary>Entries in one partition of the agenda, spread over the days between rotations.</summary>
    public double EntriesPerAgendaPartition => Connections / (Assumptions.DaysBetweenRotations * 24 * 60 * Limits.AgendaShards);

    /// <summary>Instances at the busiest time: for calls, and one for the timer.</summary>
    public long Instances => 1 + Ceiling(Peak * BusySeconds / Assumptions.CallsPerInstance);

    /// <summary>What <c>Tokens__TickRefreshesPerSecond</c> has to be where the timer does it all.</summary>
    public long TickRefreshesPerSecond => Ceiling(Connections / (Assumptions.DaysBetweenRotations * SecondsPerDay) / Assumptions.TickShare);

    /// <summary>What <c>Tokens__TickConcurrency</c> has to be for that.</summary>
    public long TickConcurrency => Ceiling(TickRefreshesPerSecond * Assumptions.SecondsPerRefresh);

    public Bill Bill => new(
        Instances: (IsAlwaysReady ? 4 * Assumptions.GigabytesPerInstance * Assumptions.SecondsPerMonth * Prices.AlwaysReadySecond : 0)
            + (PerMonth(BusySeconds / Assumptions.CallsPerInstance) * Assumptions.GigabytesPerInstance * Prices.OnDemandSecond)
            + (PerMonth(Refreshes + Reads) / 1e6 * Prices.MillionExecutions),
        Vaults: PerMonth(Mean(calls => calls.VaultSets + calls.VaultReads)) / 10_000 * Prices.TenThousandVaultCalls,
        Tables: (PerMonth(Mean(calls => calls.TableCalls + calls.AuditWrites)) / 1e6 * Prices.MillionTableCalls) + (Connections * Assumptions.BytesPerConnection / 1e9 * Prices.TableGigabyte),
        Telemetry: ((PerMonth(Refreshes + Reads) * Assumptions.TelemetryPerCall) + (PerMonth(Mean(calls => calls.VaultSets + calls.VaultReads)) * Assumptions.AuditPerVaultCall)) / 1e9 * Prices.TelemetryGigabyte,
        Watching: Prices.Watching,
        Network: IsPrivate ? Prices.Network + (Prices.PrivateEndpoint * (Vaults + 5)) : 0);

    /// <summary>How many seconds of work there are in a second.</summary>
    private double BusySeconds => (Refreshes * Assumptions.SecondsPerRefresh) + (Reads * Assumptions.SecondsPerCall);

    private double AtPeak(Func<CallsPerOperation, int> calls) => Mean(calls) * Peak;

    private double Mean(Func<CallsPerOperation, int> calls) => (Refreshes * calls(VisitsPerDay > 0 ? CallsPerOperation.Refresh : CallsPerOperation.TimerRefresh)) + (Reads * calls(CallsPerOperation.ColdRead));

    private static double PerMonth(double perSecond) => perSecond * Assumptions.SecondsPerMonth;

    private static long Ceiling(double value) => (long)Math.Ceiling(Math.Round(value, 6));
}
