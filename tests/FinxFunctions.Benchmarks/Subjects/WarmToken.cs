using FinxFunctions.Benchmarks.Harness;
using FinxFunctions.Benchmarks.Hosts;
using FinxFunctions.Benchmarks.Load;

namespace FinxFunctions.Benchmarks.Subjects;

/// <summary>A token from memory, beside the smallest answer of the same worker, and beside functions of an empty worker.</summary>
internal sealed class WarmToken : Subject
{
    private static readonly int[] Connections = [1, 16, 64];
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.5);

    public override string Name => "warm";

    public override string Title => "warm GetToken / the live endpoint of the same worker; what an empty worker makes of the two; memory of the worker";

    public override Host Host => Host.Worker;

    public override async Task MeasureAsync(Run run, Finding finding)
    {
        var (app, emptyApp) = (await PublishedApp.FinxFunctions.FolderAsync(run), await PublishedApp.Empty.FolderAsync(run));
        await using var surroundings = await Surroundings.StartAsync();
        await using var host = await HostProcess.StartAsync(app, surroundings.Settings());
        var id = await surroundings.ConnectAsync(host);
        var token = LoadGenerator.Request("POST", $"/api/connections/{id}/token");
        await using var empty = await HostProcess.StartAsync(emptyApp, [new("ANSWER_BYTES", $"{await LengthAsync(host, token)}")]);
        var bytes = LoadGenerator.Request("POST", $"/api/bytes/{id}/token");
        await LengthAsync(empty, bytes);
        var started = (host.Worker.Memory, empty.Worker.Memory);

        foreach (var connections in Connections)
        {
            var what = $"{connections} connection{(connections == 1 ? "" : "s")}";
            using var load = await LoadGenerator.OpenAsync(host.Address, connections);
            using var emptyLoad = await LoadGenerator.OpenAsync(empty.Address, connections);
            Side live = new(host, load, LoadGenerator.Request("GET", "/api/health/live"));
            Side get = new(host, load, token);
            Side nothing = new(empty, emptyLoad, LoadGenerator.Request("GET", "/api/nothing"));
            Side asMany = new(empty, emptyLoad, bytes);
            for (var round = 0; round < 6; round++)
            {
                run.Tell($"{what}, warming up");
                foreach (var side in new[] { live, get, nothing, asMany })
                    await side.Load.RunAsync(side.Request, WarmUp);
            }

            var rounds = await PairAsync(run, what, live, get);
            finding.Add(Figure.AtLeast($"requests/s of GetToken / of the live endpoint, {what}", Ratio(rounds), 0.90, isHeadline: true));
            finding.Add(Figure.AtLeast($"p99 of the live endpoint / of GetToken, {what}", new Samples(rounds.Select(round => round.First.Load.Latencies.Quantile(0.99) / round.Second.Load.Latencies.Quantile(0.99))), 0.90));
            finding.Add(new Figure($"requests/s themselves, {what}", $"{Text.Count(PerSecond(rounds.Select(round => round.Second)))} for {Text.Count(PerSecond(rounds.Select(round => round.First)))}"));
            finding.Add(new Figure($"the worker's processor time for a request, {what}", $"{PerRequest(rounds.Select(round => round.Second), sample => sample.WorkerTime)} for {PerRequest(rounds.Select(round => round.First), sample => sample.WorkerTime)}"));
            finding.Add(new Figure($"the host's processor time for a request, {what}", $"{PerRequest(rounds.Select(round => round.Second), sample => sample.HostTime)} for {PerRequest(rounds.Select(round => round.First), sample => sample.HostTime)}"));

            var limits = Ratio(await PairAsync(run, $"{what}, empty worker", nothing, asMany));
            finding.Add(new Figure($"the limit: requests/s of two empty functions with the same signatures and answers, {what}", Text.Ratio(limits.Median), Text.Spread(limits, Text.Ratio)) { Host = Host.EmptyWorker });
            var others = Ratio(await PairAsync(run, $"{what}, both workers", asMany, get));
            finding.Add(new Figure($"requests/s of GetToken / of the empty function with its signature, {what}", Text.Ratio(others.Median), Text.Spread(others, Text.Ratio)));
        }

        AddMemory(finding, "after the first answer", started);
        AddMemory(finding, "after this load", (host.Worker.Memory, empty.Worker.Memory));
        finding.Notes.Add("FunctionsHost and the worker are a process each; the load comes from this process. All share this machine's cores, so the ratio is that of what a request costs in all three. A round sends requests to one side for half a second and then to the other. Telemetry goes to an OpenTelemetry collector in this process, which forgets it, as it goes to Azure Monitor when deployed. Each read of a token is recorded before it is answered; the records are log records here, and go to the collector in batches. (With `Audit__Endpoint` each record is a call to Table Storage, whose time this figure would show.) The live endpoint is a GET without parameters that answers 204 without a body; GetToken is a POST with an id that answers JSON. What that difference alone costs is the limit: tests/EmptyWorker, under a FunctionsHost of its own and without telemetry, has a function of either kind that does nothing else. PROFILE.md shows where the time goes.");
    }

    private static async Task<long> LengthAsync(HostProcess host, byte[] request)
    {
        using var connection = await HttpConnection.OpenAsync(host.Address);
        return await connection.AskAsync(request);
    }

    private static Task<IReadOnlyList<(Sample First, Sample Second)>> PairAsync(Run run, string what, Side first, Side second)
    {
        var duration = TimeSpan.FromSeconds(0.5);
        return PairedRun.RunAsync(run, what, run.Rounds(40, 12), () => AskAsync(first), () => AskAsync(second));

        async Task<Sample> AskAsync(Side side)
        {
            var (worker, host) = (side.Host.Worker.ProcessorTime, side.Host.ProcessorTime);
            var result = await side.Load.RunAsync(side.Request, duration);
            return new(result, side.Host.Worker.ProcessorTime - worker, side.Host.ProcessorTime - host);
        }
    }

    private static Samples Ratio(IEnumerable<(Sample First, Sample Second)> rounds) => new(rounds.Select(round => round.Second.Load.PerSecond / round.First.Load.PerSecond));

    private static double PerSecond(IEnumerable<Sample> samples) => new Samples(samples.Select(sample => sample.Load.PerSecond)).Median;

    // The system counts processor time in steps of 10 ms, so only the sum of all rounds is exact enough.
    private static string PerRequest(IEnumerable<Sample> samples, Func<Sample, TimeSpan> time) =>
        Text.Time(samples.Sum(sample => time(sample).TotalSeconds) / samples.Sum(sample => sample.Load.Requests));

    private static void AddMemory(Finding finding, string when, (long? Worker, long? Empty) memory)
    {
        if (memory is ({ } worker, { } empty))
            finding.Add(new Figure($"memory of the worker, of the empty worker, {when}", $"{Text.Megabytes(worker)}, {Text.Megabytes(empty)}"));
    }

    private sealed record Side(HostProcess Host, LoadGenerator Load, byte[] Request);

    /// <param name="WorkerTime">The worker's processor time.</param>
    /// <param name="HostTime">The host's processor time.</param>
    private sealed record Sample(LoadResult Load, TimeSpan WorkerTime, TimeSpan HostTime);
}
