using System.Reflection;

namespace FinxFunctions.Worker.Tests.Hosts;

/// <summary>Where the programs under test were built.</summary>
internal static class Places
{
    public static string WorkerFolder { get; } = Read("WorkerFolder");

    public static string DevHostFolder { get; } = Read("DevHostFolder");

    private static string Read(string key) =>
        Path.GetFullPath(typeof(Places).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == key).Value!);
}
