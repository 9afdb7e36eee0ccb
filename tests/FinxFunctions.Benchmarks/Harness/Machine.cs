using System.Runtime.InteropServices;

namespace FinxFunctions.Benchmarks.Harness;

/// <summary>Describes the machine.</summary>
internal static class Machine
{
    public static IEnumerable<(string Name, string Value)> Describe()
    {
        yield return ("processor", $"{Processor()}, {Environment.ProcessorCount} cores");
        yield return ("memory", Text.Megabytes(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes));
        yield return ("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}");
        yield return (".NET", RuntimeInformation.FrameworkDescription);
        yield return ("Azure.Data.Tables", VersionOf(typeof(Azure.Data.Tables.TableClient)));
        yield return ("Azure.Security.KeyVault.Secrets", VersionOf(typeof(Azure.Security.KeyVault.Secrets.SecretClient)));
        if (File.Exists("/proc/loadavg"))
            yield return ("others' load", $"{File.ReadAllText("/proc/loadavg").Split(' ')[0]} runnable tasks in the last minute of the run");
    }

    private static string Processor() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown"
        : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown";

    private static string VersionOf(Type type) => type.Assembly.GetName().Version!.ToString(3);
}
