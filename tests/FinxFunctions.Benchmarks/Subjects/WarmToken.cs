using FinxFunctions.Benchmarks.Harness;
using FinxFunctions.Benchmarks.Hosts;
using FinxFunctions.Benchmarks.Load;

namespace FinxFunctions.Benchmarks.Subjects;

/// <summary>How much of what the host can do is left when what it does is hand out a token from memory.</summary>
internal sealed class WarmToken : Subject
{
    private static readonly int[] Connections = [1, 16, 64];

    public override string Name => "warm";

    public override string Title => "warm GetToken / an empty endpoint in the same host that answers as many bytes";

    public override async Task MeasureAsync(Run run, Finding finding)
    {
        await using var surroundings = await Surroundings.StartAsync();
        var log = Path.GetTempFileName();
        var toFile = new Dictionary<string, string?> { [EmptyEndpoints.LogFile] = log, ["Logging:Console:LogLevel:Default"] = "None" };
        foreach (var (audit, settings) in new[] { ("recorded in a file", toFile), ("recorded on the console", []) })
        {
            await using var host = await HostProcess.StartAsync(surroundings.Settings().Concat(settings), isPinned: true);
            using var cores = Cores.LeaveFirst();
            await MeasureAsync(run, finding, surroundings, host, audit, isHeadline: settings == toFile);
        }

        File.Delete(log);
        finding.Notes.Add($"Both answers come from one DevHost process{(Cores.CanPin ? " on a core of its own, the load from the others" : "")}; a round asks one for a second and then the other. Each read of a token is on record before it is answered: in a log file that is written in blocks, as exporters do it, or on DevHost's console, which writes each line by itself and shows what that costs. Processor time is the host's, for each request.");
    }

    private static async Task MeasureAsync(Run run, Finding finding, Surroundings surroundings, HostProcess host, string audit, bool isHeadline)
    {
        var id = await surroundings.ConnectAsync(host);
        var token = LoadGenerator.Request("POST", $"/api/connections/{id}/token");
        var empty = LoadGenerator.Request("POST", $"/bench/connections/{id}/token");
        using (var probe = await HttpConnection.OpenAsync(host.Address))
        using (await host.Http.PostAsync($"/bench/size/{await probe.AskAsync(token)}", null))
        {
        }

        using (var load = await LoadGenerator.OpenAsync(host.Address, 16))
            await PairedRun.RunAsync(run, $"{audit}, warming up", 10, () => load.RunAsync(empty, TimeSpan.FromSeconds(0.5)), () => load.RunAsync(token, TimeSpan.FromSeconds(1)));

        var second = TimeSpan.FromSeconds(run.IsQuick ? 0.5 : 1);
        foreach (var connections in Connections)
        {
            using var load = await LoadGenerator.OpenAsync(host.Address, connections);
            async Task<(LoadResult Load, double Cpu)> AskAsync(byte[] request)
            {
                var before = host.ProcessorTime;
                var result = await load.RunAsync(request, second);
                return (result, (host.ProcessorTime - before).TotalSeconds / result.Requests);
            }

            var rounds = await PairedRun.RunAsync(run, $"{audit}, {connections} connections", run.Rounds(20, 9), () => AskAsync(empty), () => AskAsync(token));

            var what = $"{connections} connection{(connections == 1 ? "" : "s")}, {audit}";
            finding.Add(Figure.AtLeast($"requests/s, {what}", new Samples(rounds.Select(round => round.Second.Load.PerSecond / round.First.Load.PerSecond)), 0.90, isHeadline));
            finding.Add(Figure.AtLeast($"p99 of the empty / p99, {what}", new Samples(rounds.Select(round => round.First.Load.Latencies.Quantile(0.99) / round.Second.Load.Latencies.Quantile(0.99))), 0.90));
            finding.Add(new Figure($"requests/s themselves, {what}", $"{Text.Count(new Samples(rounds.Select(round => round.Second.Load.PerSecond)).Median)} of {Text.Count(new Samples(rounds.Select(round => round.First.Load.PerSecond)).Median)}"));
            finding.Add(new Figure($"processor time, {what}", $"{Text.Time(new Samples(rounds.Select(round => round.Second.Cpu)).Median)} for {Text.Time(new Samples(rounds.Select(round => round.First.Cpu)).Median)}"));
        }
    }
}
