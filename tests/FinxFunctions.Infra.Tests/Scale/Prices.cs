namespace FinxFunctions.Infra.Tests.Scale;

/// <summary>
/// Assumed prices in US dollars without tax: Azure's public list prices for Western Europe, November 2026, rounded. Compute,
/// the NAT gateway and telemetry were compared with what public pages say; all differ by region and agreement: put yours in.
/// </summary>
internal static class Prices
{
    /// <summary>A gigabyte-second of an instance that works and is there on demand.</summary>
    public const double OnDemandSecond = 0.000026;

    /// <summary>A gigabyte-second of an instance that is always ready, whether it works or not.</summary>
    public const double AlwaysReadySecond = 0.000004;

    public const double MillionExecutions = 0.40;
    public const double TenThousandVaultCalls = 0.03;
    public const double MillionTableCalls = 0.04;

    /// <summary>A gigabyte of tables for a month, in two regions.</summary>
    public const double TableGigabyte = 0.10;

    public const double TelemetryGigabyte = 3.0;

    /// <summary>A month of all alert rules and the health probe; the same at any size.</summary>
    public const double Watching = 35;

    /// <summary>A month of one private endpoint.</summary>
    public const double PrivateEndpoint = 7.5;

    /// <summary>A month of the NAT gateway, its address and three DNS zones, without traffic.</summary>
    public const double Network = 40;
}
