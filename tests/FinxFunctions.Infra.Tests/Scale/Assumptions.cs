using FinxFunctions.Finx;
using FinxFunctions.Rotation;

namespace FinxFunctions.Infra.Tests.Scale;

/// <summary>What is not measured: how the service is used, and how long things take.</summary>
internal static class Assumptions
{
    /// <summary>How much more than the mean comes at the busiest time.</summary>
    public const double Peak = 3;

    /// <summary>Calls that a visit of a user's banking page makes: accounts, and transactions twice.</summary>
    public const int ReadsPerVisit = 3;

    /// <summary>How long one call holds its instance, in seconds; most of it is waiting for finX.</summary>
    public const double SecondsPerCall = 1.0;

    /// <summary>How long a refresh takes, in seconds.</summary>
    public const double SecondsPerRefresh = 1.5;

    /// <summary>HTTP calls that an instance of 2 GB works on at a time: the parameter <c>instances.httpConcurrency</c>.</summary>
    public const int CallsPerInstance = 16;

    public const double GigabytesPerInstance = 2;

    /// <summary>Telemetry of one call of the app, in bytes: a request, its dependencies, its logs.</summary>
    public const double TelemetryPerCall = 4_000;

    /// <summary>Record of one call of a vault, in bytes.</summary>
    public const double AuditPerVaultCall = 1_500;

    /// <summary>What a connection takes up in the tables, in bytes.</summary>
    public const double BytesPerConnection = 4_000;

    public const double SecondsPerMonth = 730 * 3600;

    /// <summary>Days from one rotation by the timer to the next, on average, with the settings' defaults.</summary>
    public static double DaysBetweenRotations { get; } =
        new FinxOptions().RefreshTokenLifetime.TotalDays * (new TokenOptions().RotateAfter - (new TokenOptions().RotateJitter / 2));

    /// <summary>Share of the time in which ticks do work.</summary>
    public static double TickShare { get; } = new TokenOptions().TickBudget / TimeSpan.FromMinutes(5);
}
