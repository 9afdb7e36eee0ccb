using System.Diagnostics;
using FinxFunctions.Benchmarks.Harness;
using FinxFunctions.Benchmarks.Hosts;
using FinxFunctions.Benchmarks.Load;
using FunctionsHost;

namespace FinxFunctions.Benchmarks.Subjects;

/// <summary>How long the first caller waits when a worker has to be started.</summary>
internal sealed class StartUp : Subject
{
    private static readonly Dictionary<string, string> Settings = new()
    {
        ["Finx__BaseAddress"] = "http://127.0.0.1:9/",
        ["Finx__ClientId"] = "client",
        ["Finx__ClientSecret"] = "secret",
        ["Links__CallbackAddress"] = "http://localhost/api/callback",
        ["Links__AllowedReturnUris__0"] = "http://localhost/",
        ["Tables__ConnectionString"] = "UseDevelopmentStorage=true",
        ["Vaults__Addresses__0"] = "https://127.0.0.1:9/",
        ["RotationSchedule"] = "0 0 0 30 2 *",
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:9/",
    };

    public override string Name => "start";

    public override string Title => "start to first answer / that of an empty worker app; bytes published";

    public override Host Host => Host.Worker;

    public override async Task MeasureAsync(Run run, Finding finding)
    {
        var app = await PublishedApp.FinxFunctions.FolderAsync(run);
        foreach (var (what, published, isHeadline) in new[] { ("as the template has it", PublishedApp.Empty, true), ("with ReadyToRun too", PublishedApp.EmptyReadyToRun, false) })
        {
            var emptyApp = await published.FolderAsync(run);
            Task<double> StartEmptyAsync() => StartAsync(emptyApp, LoadGenerator.Request("GET", "/api/nothing"));
            Task<double> StartAppAsync() => StartAsync(app, LoadGenerator.Request("POST", "/api/connections/x/token"));
            await PairedRun.RunAsync(run, $"{what}, warming up", 2, StartEmptyAsync, StartAppAsync);
            var rounds = await PairedRun.RunAsync(run, what, run.Rounds(25, 9), StartEmptyAsync, StartAppAsync);
            finding.Add(Figure.AtMost($"start to first answer / an empty worker's, {what}", new Samples(rounds.Select(round => round.Second / round.First)), isHeadline ? 1.3 : null, isHeadline));
            finding.Add(new Figure($"start to first answer, {what}", $"{Text.Time(new Samples(rounds.Select(round => round.Second)).Median)} for {Text.Time(new Samples(rounds.Select(round => round.First)).Median)}"));
            finding.Add(new Figure($"published, {what}", $"{Text.Megabytes(Size(app))} for {Text.Megabytes(Size(emptyApp))}"));
        }

        finding.Notes.Add("The time is from the start of the worker's process to the last byte of its first answer, through a FunctionsHost in this process, which has started others before. The app is published with ReadyToRun, as it is deployed; the empty worker is tests/EmptyWorker, published as a new project of the Functions template is, and once more with ReadyToRun. The app's first answer is that of GetToken to an id that is none, which needs no other service but all of the app's services; that of the empty worker is a 204.");
    }

    private static async Task<double> StartAsync(string folder, byte[] request)
    {
        var start = Stopwatch.GetTimestamp();
        await using var host = await WorkerHost.StartAsync(new HostOptions
        {
            WorkerFolder = folder,
            Settings = Settings,
            ChecksKeys = false,
            Timings = new() { TerminateGrace = TimeSpan.FromMilliseconds(1) },
        });
        using var connection = await HttpConnection.OpenAsync(host.Address);
        await connection.AskAsync(request, allowed: 404);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Size(string folder) => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.Extension is not (".pdb" or ".xml")).Sum(file => file.Length);
}
