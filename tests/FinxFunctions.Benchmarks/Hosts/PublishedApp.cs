using System.Diagnostics;
using FinxFunctions.Benchmarks.Harness;

namespace FinxFunctions.Benchmarks.Hosts;

/// <summary>A worker app, published as it is deployed. Each is published once a run.</summary>
internal sealed class PublishedApp
{
    private readonly Lazy<Task<string>> _folder;

    private PublishedApp(string name, string project, params string[] options) => _folder = new(() => PublishAsync(name, project, options));

    /// <summary>The app, compiled ahead of time (ReadyToRun), as the workflow deploys it.</summary>
    public static PublishedApp FinxFunctions { get; } = new("worker", Repository.PathOf("src", "FinxFunctions"));

    /// <summary>tests/EmptyWorker, as a new project of the Functions template is published.</summary>
    public static PublishedApp Empty { get; } = new("empty", Repository.PathOf("tests", "EmptyWorker"));

    /// <summary>tests/EmptyWorker, compiled ahead of time as well.</summary>
    public static PublishedApp EmptyReadyToRun { get; } = new("empty-r2r", Repository.PathOf("tests", "EmptyWorker"), "-p:PublishReadyToRun=true");

    /// <summary>The folder that it was published to.</summary>
    public Task<string> FolderAsync(Run run)
    {
        run.Tell("publishing");
        return _folder.Value;
    }

    private static async Task<string> PublishAsync(string name, string project, string[] options)
    {
        var output = Path.Combine(AppContext.BaseDirectory, "published", name);
        if (Directory.Exists(output))
            Directory.Delete(output, recursive: true);
        using var publish = Process.Start(new ProcessStartInfo("dotnet", ["publish", project, "-c", "Release", "-v", "quiet", "-nologo", "-o", output, .. options])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = publish.StandardError.ReadToEndAsync();
        var said = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        return publish.ExitCode == 0 ? output : throw new InvalidOperationException($"dotnet publish {project} failed: {said}{await errors}");
    }
}
