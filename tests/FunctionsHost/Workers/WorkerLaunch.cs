using System.Diagnostics;
using System.Text.Json;

namespace FunctionsHost.Workers;

/// <summary>How the Functions host starts a worker: the program of worker.config.json, with the arguments and the environment that it is given.</summary>
internal static class WorkerLaunch
{
    private const string MaxMessageLength = "2147483647";

    public static ProcessStartInfo Of(HostOptions options, string workerId, int rpcPort)
    {
        var folder = Path.GetFullPath(options.WorkerFolder);
        var (executable, workerPath) = ReadConfig(folder);
        var requestId = Guid.NewGuid().ToString();
        string[] arguments =
        [
            workerPath,
            "--host", "127.0.0.1",
            "--port", $"{rpcPort}",
            "--workerId", workerId,
            "--requestId", requestId,
            "--grpcMaxMessageLength", MaxMessageLength,
            "--functions-uri", $"http://127.0.0.1:{rpcPort}/",
            "--functions-worker-id", workerId,
            "--functions-request-id", requestId,
            "--functions-grpc-max-message-length", MaxMessageLength,
        ];
        var start = new ProcessStartInfo(executable, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Environment(options, folder))
            start.Environment[name] = value;
        return start;
    }

    private static (string Executable, string WorkerPath) ReadConfig(string folder)
    {
        using var config = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "worker.config.json")));
        var description = config.RootElement.GetProperty("description");
        return (description.GetProperty("defaultExecutablePath").GetString()!, Path.Combine(folder, description.GetProperty("defaultWorkerPath").GetString()!));
    }

    private static IEnumerable<KeyValuePair<string, string>> Environment(HostOptions options, string folder) =>
    [
        new("AZURE_FUNCTIONS_ENVIRONMENT", options.Environment),
        new("FUNCTIONS_WORKER_RUNTIME", "dotnet-isolated"),
        .. options.Settings,
        new("FUNCTIONS_WORKER_DIRECTORY", folder),
        new("FUNCTIONS_APPLICATION_DIRECTORY", folder),
    ];
}
