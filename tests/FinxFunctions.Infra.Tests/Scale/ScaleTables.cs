using System.Globalization;

namespace FinxFunctions.Infra.Tests.Scale;

/// <summary>The tables of infra/README.md.</summary>
internal static class ScaleTables
{
    private static readonly (string Name, double VisitsPerDay)[] Uses = [("kept alive", 0), ("used daily", 1)];

    public static string Scale() => string.Join('\n',
    [
        "| connections | | refreshes/s | finX calls/s | table calls/s | new secrets/s | vaults | their subscriptions | storage accounts | entries a partition | instances | timer: refreshes/s, at a time | dollars a month |",
        "|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
        .. new[] { 10_000L, 1_000_000, 100_000_000 }.SelectMany(connections => Uses.Select(use => Row(use.Name, new Load(connections, use.VisitsPerDay, IsAlwaysReady: true, IsPrivate: true)))),
    ]);

    public static string Cost()
    {
        var small = new Load(10_000, 0, IsAlwaysReady: false, IsPrivate: false);
        var large = new Load(1_000_000, 1, IsAlwaysReady: true, IsPrivate: true);
        return string.Join('\n',
        [
            "| dollars a month | 10 thousand kept alive, as `dev` | 1 million used daily, as `prod` | how |",
            "|---|--:|--:|---|",
            Row("instances", bill => bill.Instances, "4 always ready × 2 GB, work in GB-seconds, executions"),
            Row("vaults", bill => bill.Vaults, "calls × price of 10,000"),
            Row("tables", bill => bill.Tables, "calls × price of a million, and 4 KB a connection"),
            Row("telemetry", bill => bill.Telemetry, "4 KB a call, 1.5 KB a vault's call"),
            Row("alerts, health probe", bill => bill.Watching, "the same at any size"),
            Row("network", bill => bill.Network, "NAT gateway, private endpoints"),
            Row("**all**", bill => bill.Total, ""),
        ]);

        string Row(string what, Func<Bill, double> part, string how) => $"| {what} | {Money(part(small.Bill))} | {Money(part(large.Bill))} | {how} |";
    }

    private static string Row(string use, Load load) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {load.Connections:N0} | {use} | {Rate(load.PeakRefreshes)} | {Rate(load.PeakFinxCalls)} | {Rate(load.PeakTableCalls)} | {Rate(load.PeakVaultSets)} | {load.Vaults} | {load.Subscriptions} | {load.StorageAccounts} | {Rate(load.EntriesPerAgendaPartition)} | {load.Instances} | {load.TickRefreshesPerSecond}, {load.TickConcurrency} | {Money(load.Bill.Total)} |");

    private static string Rate(double value) => value < 0.1 ? "< 0.1" : Rounded(value);

    private static string Money(double value) => value < 1 ? value == 0 ? "0" : "< 1" : Rounded(value);

    /// <summary>To two digits: the assumptions carry no more.</summary>
    private static string Rounded(double value)
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(value)) - 1);
        return (Math.Round(value / unit) * unit).ToString("#,0.##", CultureInfo.InvariantCulture);
    }
}
