using FinxFunctions.Benchmarks.Harness;
using FinxFunctions.Benchmarks.Hosts;
using FinxFunctions.Benchmarks.Load;
using FinxSandbox.Faults;

namespace FinxFunctions.Benchmarks.Subjects;

/// <summary>Accounts and transactions pass through the worker as they arrive, whatever their size.</summary>
internal sealed class Streaming : Subject
{
    private const int Megabyte = 1 << 20;
    private const int Readers = 4;

    public override string Name => "streaming";

    public override string Title => "GetAccounts and GetTransactions of 10 MB / the same bytes through a bare HttpClient proxy in an empty worker; peak memory";

    public override Host Host => Host.Worker;

    public override async Task MeasureAsync(Run run, Finding finding)
    {
        var (app, emptyApp) = (await PublishedApp.FinxFunctions.FolderAsync(run), await PublishedApp.Empty.FolderAsync(run));
        await using var surroundings = await Surroundings.StartAsync();
        await using var host = await HostProcess.StartAsync(app, surroundings.Settings());
        await using var empty = await HostProcess.StartAsync(emptyApp, []);
        var id = await surroundings.ConnectAsync(host);
        var finx = surroundings.Sandbox.FinxAddress.Authority;
        foreach (var data in new[] { "accounts", "transactions" })
        {
            Answer(surroundings, 10);
            using var load = await LoadGenerator.OpenAsync(host.Address, 1);
            using var emptyLoad = await LoadGenerator.OpenAsync(empty.Address, 1);
            var proxied = LoadGenerator.Request("GET", $"/api/proxy/{finx}/rest/{data}");
            var passedOn = LoadGenerator.Request("GET", $"/api/connections/{id}/{data}");
            await PairedRun.RunAsync(run, $"{data}, warming up", 6, () => emptyLoad.BurstAsync(proxied), () => load.BurstAsync(passedOn));
            var rounds = await PairedRun.RunAsync(run, data, run.Rounds(120, 60), () => emptyLoad.BurstAsync(proxied), () => load.BurstAsync(passedOn));
            if (rounds.Any(round => round.First.Bytes != 10 * Megabyte || round.Second.Bytes != 10 * Megabyte))
                throw new InvalidDataException("Not all bytes came.");

            finding.Add(Figure.AtLeast($"throughput of {data}, 10 MB / bare proxy", new Samples(rounds.Select(round => round.First.Seconds / round.Second.Seconds)), 0.9, isHeadline: true));
            finding.Add(Figure.Time($"10 MB of {data}", new Samples(rounds.Select(round => round.Second.Seconds))));
        }

        await MemoryAsync(run, finding, surroundings, host, LoadGenerator.Request("GET", $"/api/connections/{id}/transactions"));
        finding.Notes.Add($"The sandbox's finX sends so many bytes at once, not compressed. The bare proxy is a function of tests/EmptyWorker under a FunctionsHost of its own, so both sides pass a host as well. Memory is the most that the worker's process held (VmHWM) while {Readers} callers read at the same time.");
    }

    private static async Task MemoryAsync(Run run, Finding finding, Surroundings surroundings, HostProcess host, byte[] request)
    {
        if (host.Worker.PeakMemory is null)
            return;

        var peaks = new Dictionary<int, double>();
        using var load = await LoadGenerator.OpenAsync(host.Address, Readers);
        foreach (var megabytes in new[] { 1, 10, 50 })
        {
            run.Tell($"memory at {megabytes} MB");
            Answer(surroundings, megabytes);
            await load.BurstAsync(request);
            host.Worker.ForgetPeak();
            for (var round = 0; round < 5; round++)
                await load.BurstAsync(request);
            peaks[megabytes] = host.Worker.PeakMemory!.Value;
            finding.Add(new Figure($"peak memory of the worker at {megabytes} MB", Text.Megabytes(peaks[megabytes])));
        }

        run.Tell("");
        finding.Add(Figure.AtMost("peak memory at 50 MB / at 1 MB", new Samples(peaks[50] / peaks[1]), 1.1, isHeadline: true));
    }

    private static void Answer(Surroundings surroundings, int megabytes)
    {
        surroundings.Sandbox.Faults.Clear();
        surroundings.Sandbox.Faults.Add(new FaultRule { Kind = FaultKind.Refuse, Operation = "data.*", Status = 200, Body = new string(' ', megabytes * Megabyte), Times = null });
    }
}
