namespace FinxFunctions.Browser.Tests;

/// <summary>The browser of this machine.</summary>
internal static class Chromium
{
    public const string HowToGetIt = "There is no Chromium on the PATH. On Debian and Ubuntu: apt-get install chromium. Or name one in the environment variable CHROMIUM.";

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "chrome.exe"];

    /// <summary>Null where none is found.</summary>
    public static string? Path { get; } = Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } named ? named : OnPath();

    private static string? OnPath() =>
        (from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
         from name in Names
         select System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
