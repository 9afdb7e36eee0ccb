using System.Diagnostics;

namespace FinxFunctions.Infra.Tests.Templates;

/// <summary>The Bicep compiler: from its package, from the PATH, or where <c>az bicep install</c> puts it. (<c>az bicep</c> itself knows no snapshots.)</summary>
internal static class BicepCli
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly string Executable = Find();

    /// <exception cref="InvalidOperationException">It did not end well; the message is what it said.</exception>
    public static string Run(IReadOnlyDictionary<string, string> environment, params ReadOnlySpan<string> arguments)
    {
        var start = new ProcessStartInfo(Executable, [.. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        foreach (var name in (string[])["PATH", "HOME", "TMPDIR", "TEMP", "USERPROFILE", "SystemRoot"])
        {
            start.Environment[name] = Environment.GetEnvironmentVariable(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        // Where there is no ICU, the compiler must be told to do without.
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill();
            throw new InvalidOperationException($"bicep {string.Join(' ', arguments!)} did not end within {Patience}.");
        }

        var said = output.GetAwaiter().GetResult() + errors.GetAwaiter().GetResult();
        return process.ExitCode == 0 ? said : throw new InvalidOperationException($"bicep {string.Join(' ', arguments!)}: {said}");
    }

    private static string Find()
    {
        if (Repository.Metadata("Bicep") is { } packaged && File.Exists(packaged))
        {
            if (!OperatingSystem.IsWindows())
            {
                // A package does not keep the right to be executed.
                File.SetUnixFileMode(packaged, File.GetUnixFileMode(packaged) | UnixFileMode.UserExecute);
            }

            return packaged;
        }

        var name = OperatingSystem.IsWindows() ? "bicep.exe" : "bicep";
        string[] folders = [.. Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator), Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".azure", "bin")];
        return folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("These tests need the Bicep CLI: run `az bicep install`, or put bicep on the PATH.");
    }
}
