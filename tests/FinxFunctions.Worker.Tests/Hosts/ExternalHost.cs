namespace FinxFunctions.Worker.Tests.Hosts;

/// <summary>The host that the environment names; where it names one, the cases run against that host alone.</summary>
internal static class ExternalHost
{
    public static Uri? Address { get; } = Read("FINX_SUITE_ADDRESS");

    /// <summary>Opens the functions; null where no key is asked for.</summary>
    public static string? Key { get; } = Environment.GetEnvironmentVariable("FINX_SUITE_KEY");

    /// <summary>Opens the admin addresses; null where it is not known.</summary>
    public static string? MasterKey { get; } = Environment.GetEnvironmentVariable("FINX_SUITE_MASTER_KEY");

    /// <summary>The sandbox that plays finX there; null where the real finX does, or nobody may steer it.</summary>
    public static Uri? Sandbox { get; } = Read("FINX_SUITE_SANDBOX");

    /// <summary>An address that users may be sent back to.</summary>
    public static string ReturnUri { get; } = Environment.GetEnvironmentVariable("FINX_SUITE_RETURN_URI") ?? "http://localhost/done";

    private static Uri? Read(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } address ? new(address) : null;
}
