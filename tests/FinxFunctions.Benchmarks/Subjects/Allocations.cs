using System.Globalization;
using System.Net.Sockets;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using FinxFunctions.Benchmarks.Harness;
using FinxFunctions.Benchmarks.Hosts;
using FinxFunctions.Benchmarks.Load;

namespace FinxFunctions.Benchmarks.Subjects;

/// <summary>What a warm GetToken allocates.</summary>
internal sealed class Allocations : Subject
{
    private const int Requests = 10_000;

    public override string Name => "allocations";

    public override string Title => "allocations of a warm GetToken";

    public override async Task MeasureAsync(Run run, Finding finding)
    {
        run.Tell("in process, by BenchmarkDotNet");
        var config = ManualConfig.CreateEmpty()
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddLogger(NullLogger.Instance)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "BenchmarkDotNet.Artifacts"));
        var summary = BenchmarkRunner.Run<WarmTokenCalls>(config);
        foreach (var report in summary.Reports)
            finding.Add(new Figure($"{report.BenchmarkCase.Descriptor.WorkloadMethod.Name}: bytes a call, time", $"{Text.Count(report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0)}, {Text.Time((report.ResultStatistics?.Median ?? 0) / 1e9)}"));
        if (summary.Reports.IsEmpty)
            throw new InvalidOperationException(string.Join(' ', summary.ValidationErrors.Select(error => error.Message)));

        await MeasureWorkerAsync(run, finding);
        finding.Notes.Add("BenchmarkDotNet calls the trigger class and writes its answer into an HttpContext without a server; the audit record is made, and nothing listens to the log. In the worker everything counts: Kestrel, gRPC, the binding of the function, the audit record in the log and its export. A startup hook in the worker tells how many bytes it has allocated.");
    }

    private static async Task MeasureWorkerAsync(Run run, Finding finding)
    {
        var app = await PublishedApp.FinxFunctions.FolderAsync(run);
        await using var surroundings = await Surroundings.StartAsync();
        var socket = Path.Combine(Path.GetTempPath(), $"finx-{Guid.NewGuid():N}");
        await using (var host = await HostProcess.StartAsync(app, surroundings.Settings().Append(new("DOTNET_STARTUP_HOOKS", typeof(StartupHook).Assembly.Location)).Append(new(StartupHook.SocketVariable, socket))))
        {
            var id = await surroundings.ConnectAsync(host);
            var token = LoadGenerator.Request("POST", $"/api/connections/{id}/token");
            var live = LoadGenerator.Request("GET", "/api/health/live");
            using var connection = await HttpConnection.OpenAsync(host.Address);

            async Task<double> PerRequestAsync(byte[] request)
            {
                var before = await AllocatedAsync(socket);
                for (var asked = 0; asked < Requests; asked++)
                    await connection.AskAsync(request);
                return (await AllocatedAsync(socket) - before) / (double)Requests;
            }

            var rounds = await PairedRun.RunAsync(run, "in the worker", run.Rounds(7, 4), () => PerRequestAsync(live), () => PerRequestAsync(token));
            finding.Add(new Figure("bytes a request of the live endpoint", Text.Count(new Samples(rounds.Select(round => round.First)).Median)) { Host = Host.Worker });
            finding.Add(new Figure("bytes a request of GetToken", Text.Count(new Samples(rounds.Select(round => round.Second)).Median), IsHeadline: true) { Host = Host.Worker });
        }

        File.Delete(socket);
    }

    private static async Task<long> AllocatedAsync(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        var answer = new byte[32];
        return long.Parse(answer.AsSpan(0, await socket.ReceiveAsync(answer)), CultureInfo.InvariantCulture);
    }
}
