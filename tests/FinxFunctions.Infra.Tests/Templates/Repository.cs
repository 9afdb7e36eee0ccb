using System.Reflection;

namespace FinxFunctions.Infra.Tests.Templates;

/// <summary>The clone that these tests were built from.</summary>
internal static class Repository
{
    /// <summary>With FINX_ACCEPT=1 what the tests compute takes the place of what is committed, to be looked at and committed.</summary>
    public static bool IsAccepting { get; } = Environment.GetEnvironmentVariable("FINX_ACCEPT") == "1";

    private static string Root { get; } = Metadata("Repository")!;

    public static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    public static string Read(params ReadOnlySpan<string> parts) => File.ReadAllText(PathOf(parts)).ReplaceLineEndings("\n");

    /// <summary>Every C# source below a folder, in one text.</summary>
    public static string Sources(params ReadOnlySpan<string> parts) => string.Join('\n', Directory
        .EnumerateFiles(PathOf(parts), "*.cs", SearchOption.AllDirectories)
        .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .Select(File.ReadAllText));

    /// <summary>Something that the build knew.</summary>
    public static string? Metadata(string key) => typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(attribute => attribute.Key == key)?.Value;
}
