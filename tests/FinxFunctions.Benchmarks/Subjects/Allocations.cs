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

/// <summary>What a warm GetToken leaves to the garbage collector.</summary>
internal sealed class Allocations : Subject
{
    private const int Requests = 20_000;

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

        await using var surroundings = await Surroundings.StartAsync();
        var log = Path.GetTempFileName();
        await using (var host = await HostProcess.StartAsync(surroundings.Settings().Append(new(EmptyEndpoints.LogFile, log)).Append(new("Logging:Console:LogLevel:Default", "None"))))
        {
            var id = await surroundings.ConnectAsync(host);
            var token = LoadGenerator.Request("POST", $"/api/connections/{id}/token");
            var empty = LoadGenerator.Request("POST", $"/bench/connections/{id}/token");
            using var connection = await HttpConnection.OpenAsync(host.Address);
            using (await host.Http.PostAsync($"/bench/size/{await connection.AskAsync(token)}", null))
            {
            }

            async Task<double> PerRequestAsync(byte[] request)
            {
                var before = await host.AllocatedAsync();
                for (var asked = 0; asked < Requests; asked++)
                    await connection.AskAsync(request);
                return (await host.AllocatedAsync() - before) / (double)Requests;
            }

            var rounds = await PairedRun.RunAsync(run, "in the host", run.Rounds(7, 4), () => PerRequestAsync(empty), () => PerRequestAsync(token));
            finding.Add(new Figure("in the host: bytes a request of the empty endpoint", Text.Count(new Samples(rounds.Select(round => round.First)).Median)));
            finding.Add(new Figure("in the host: bytes a request of GetToken", Text.Count(new Samples(rounds.Select(round => round.Second)).Median), IsHeadline: true));
        }

        File.Delete(log);
        finding.Notes.Add("BenchmarkDotNet calls the trigger class and writes its answer into an HttpContext without a server; the audit record is asked for and nobody listens to the log. In the host everything counts: Kestrel, routing, the binding of the function, the audit record's line in the log.");
    }
}
