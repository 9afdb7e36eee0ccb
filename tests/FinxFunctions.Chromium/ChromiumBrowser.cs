using Microsoft.Playwright;

namespace FinxFunctions.Chromium;

/// <summary>The browser of this machine.</summary>
public static class ChromiumBrowser
{
    /// <summary>The reason why tests are skipped without one.</summary>
    public const string HowToGetIt = "No browser test runs: there is no Chromium on the PATH. On Debian and Ubuntu: apt-get install chromium. Or name one in the environment variable CHROMIUM.";

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "chrome.exe"];

    /// <summary>The program that the environment variable <c>CHROMIUM</c> names, or the first on the PATH; null where there is none.</summary>
    public static string? Path { get; } = Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } named ? named : OnPath();

    /// <exception cref="InvalidOperationException">There is no Chromium.</exception>
    public static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new()
    {
        ExecutablePath = Path ?? throw new InvalidOperationException(HowToGetIt),
        Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    });

    private static string? OnPath() =>
        (from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
         from name in Names
         select System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
