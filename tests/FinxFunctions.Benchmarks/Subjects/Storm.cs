using FinxFunctions.Benchmarks.Harness;
using FinxFunctions.Benchmarks.Hosts;
using FinxFunctions.Benchmarks.Load;
using FinxSandbox.Faults;

namespace FinxFunctions.Benchmarks.Subjects;

/// <summary>A thousand callers ask at once for a token that has expired.</summary>
internal sealed class Storm : Subject
{
    private const int Callers = 1_000;

    private static readonly TimeSpan Finx = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    public override string Name => "storm";

    public override string Title => "1,000 callers on one expired token, in one and in three workers: finX calls; p99 / one refresh";

    public override Host Host => Host.Worker;

    public override async Task MeasureAsync(Run run, Finding finding)
    {
        var app = await PublishedApp.FinxFunctions.FolderAsync(run);
        await using var surroundings = await Surroundings.StartAsync();
        var sandbox = surroundings.Sandbox;
        List<HostProcess> hosts = [];
        try
        {
            foreach (var workers in new[] { 1, 3 })
            {
                while (hosts.Count < workers)
                    hosts.Add(await HostProcess.StartAsync(app, surroundings.Settings()));

                // Each round takes two connections whose first token has expired: one for a single caller, one for the storm.
                var (rounds, warmUp) = (run.Rounds(20, 8), 4);
                sandbox.Faults.Clear();
                sandbox.Options = sandbox.Options with { AccessTokenLifetime = TimeSpan.FromSeconds(1) };
                List<string> expired = [];
                while (expired.Count < 2 * (rounds + warmUp))
                    expired.Add(await surroundings.ConnectAsync(hosts[0]));
                sandbox.Options = sandbox.Options with { AccessTokenLifetime = TimeSpan.FromHours(1) };
                await Task.Delay(TimeSpan.FromSeconds(1));
                sandbox.Faults.Add(new FaultRule { Kind = FaultKind.Slow, Operation = "token.refresh", DelayBefore = Finx, Times = null });

                List<LoadGenerator> loads = [];
                foreach (var host in hosts)
                    loads.Add(await LoadGenerator.OpenAsync(host.Address, Callers / workers));
                using var alone = await LoadGenerator.OpenAsync(hosts[0].Address, 1);

                // The code of hosts and workers is compiled before the first storm.
                var valid = TokenOf(await surroundings.ConnectAsync(hosts[0]));
                foreach (var load in loads)
                    await load.RunAsync(valid, WarmUp);

                var next = 0;
                var most = 0;
                async Task<double> OneAsync() => (await alone.BurstAsync(TokenOf(expired[next++]))).Latencies.Median;
                async Task<double> AllAsync()
                {
                    sandbox.Journal.Clear();
                    var request = TokenOf(expired[next++]);
                    var results = await Task.WhenAll(loads.Select(load => load.BurstAsync(request)));
                    most = Math.Max(most, sandbox.Journal.Of("token.refresh").Count);
                    return new Samples(results.SelectMany(result => result.Latencies.All)).Quantile(0.99);
                }

                await PairedRun.RunAsync(run, $"{workers} workers, warming up", warmUp, OneAsync, AllAsync);
                var pairs = await PairedRun.RunAsync(run, $"{workers} workers", rounds, OneAsync, AllAsync);
                loads.ForEach(load => load.Dispose());

                var what = workers == 1 ? "one worker" : $"{workers} workers";
                finding.Add(new Figure($"finX calls of a storm, {what}, at most", Text.Count(most), Goal: "1", IsMet: most == 1, IsHeadline: true));
                finding.Add(Figure.AtMost($"p99 of a storm / one refresh alone, {what}", new Samples(pairs.Select(pair => pair.Second / pair.First)), 1.5, isHeadline: true));
                finding.Add(Figure.Time($"one refresh alone, {what}", new Samples(pairs.Select(pair => pair.First))));
                finding.Add(Figure.Time($"p99 of a storm, {what}", new Samples(pairs.Select(pair => pair.Second))));
            }
        }
        finally
        {
            foreach (var host in hosts)
                await host.DisposeAsync();
        }

        finding.Notes.Add($"finX answers a refresh in {Text.Time(Finx.TotalSeconds)}. Callers, finX, Key Vault, Azurite, hosts and workers share this machine's {Environment.ProcessorCount} cores, which the thousand requests keep busy beside the wait. Each host runs 200 requests at a time, as host.json says; the others wait in the host.");
    }

    private static byte[] TokenOf(string id) => LoadGenerator.Request("POST", $"/api/connections/{id}/token");
}
