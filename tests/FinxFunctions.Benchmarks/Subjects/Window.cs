using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using FinxFunctions.Benchmarks.Harness;
using FinxFunctions.Benchmarks.Hosts;
using FinxFunctions.Primitives;
using FinxFunctions.Rotation;

namespace FinxFunctions.Benchmarks.Subjects;

/// <summary>The window between finX's answer and its first write: by times on relays, and by kills of real processes.</summary>
internal sealed class Window : Subject
{
    private static readonly TimeSpan FinxTime = TimeSpan.FromMilliseconds(50);

    public override string Name => "window";

    public override string Title => "from finX's answer to its first write / a plain table";

    public override async Task MeasureAsync(Run run, Finding finding)
    {
        await using (var surroundings = await Surroundings.StartAsync())
            await TimesAsync(run, finding, surroundings);
        await WindowKills.MeasureAsync(run, finding);
    }

    private static async Task TimesAsync(Run run, Finding finding, Surroundings surroundings)
    {
        using var relays = new WindowRelays(surroundings);
        await using var app = new RealServices(surroundings, TimeSpan.Zero, TimeSpan.Zero, FinxTime, relays.Settings());
        var directory = Directory.CreateTempSubdirectory("window-").FullName;
        await using var journaled = new RealServices(surroundings, TimeSpan.Zero, TimeSpan.Zero, FinxTime, [.. relays.Settings(), new("Tokens:JournalDirectory", directory)]);
        using var files = new FileSystemWatcher(directory) { NotifyFilter = NotifyFilters.LastWrite, EnableRaisingEvents = true };
        files.Changed += (_, _) => relays.FileWritten();
        using var plain = await PlainTable.PrepareAsync(surroundings, app, relays);

        var (id, journaledId) = (await app.ConnectAsync(), await journaled.ConnectAsync());
        for (var warm = 1; warm <= 10; warm++)
        {
            await RefreshAsync(app, id);
            await RefreshAsync(journaled, journaledId);
            await plain.RefreshAsync();
        }

        List<double> toFile = [];
        List<double> afterFile = [];
        var rounds = await PairedRun.RunAsync(run, "window", run.Rounds(300, 60),
            async () =>
            {
                var direct = await relays.WindowAsync(() => RefreshAsync(app, id));
                relays.Journal = directory;
                afterFile.Add(await relays.WindowAsync(() => RefreshAsync(journaled, journaledId)));
                toFile.Add(relays.ToFile());
                relays.Journal = null;
                return direct;
            },
            () => relays.WindowAsync(plain.RefreshAsync));
        var writing = new Samples(Enumerable.Range(0, rounds.Count).Select(_ => WriteFile(directory)).ToList());
        Directory.Delete(directory, recursive: true);

        var (ours, theirs) = (new Samples(rounds.Select(round => round.First)), new Samples(rounds.Select(round => round.Second)));
        finding.Add(Figure.AtMost("window / that of a plain table", new Samples(rounds.Select(round => round.First / round.Second)), null));
        finding.Add(TimeWithTail("answer to first byte of the write", ours));
        finding.Add(TimeWithTail("the same of a plain table", theirs));
        finding.Add(TimeWithTail("answer to the journal's file, at the latest", new Samples(toFile)));
        finding.Add(TimeWithTail("making, writing and closing such a file", writing));
        finding.Add(TimeWithTail("answer to first byte of the write, with a journal", new Samples(afterFile)));
        finding.Notes.Add("By times: two TCP relays in this process, before finX and before Azurite. finX takes 50 ms. From just before the last byte of finX's answer is handed to the app until the first byte of the next write to the table has arrived. A plain table: HttpClient, System.Text.Json and Azure.Data.Tables with their defaults; post, read as a string, parse, upsert one row. The journal's file: by a FileSystemWatcher, whose thread has to wake, or by a look into the directory while the relay holds the write to the table, whichever is earlier. The file's own time is no help: Linux stamps a new file with its last tick, which is up to 10 ms old.");
    }

    private static async Task RefreshAsync(RealServices services, string id)
    {
        var outcome = await services.Get<RotationProtocol>().RefreshAsync(await services.ReadAsync(id), Actor.System);
        if (outcome is not RotationOutcome.Rotated)
            throw new InvalidOperationException($"Nothing was refreshed: {outcome}.");
        await services.SettleAsync();
    }

    private static double WriteFile(string directory)
    {
        var (path, bytes) = (Path.Combine(directory, Guid.NewGuid().ToString("N")), new byte[4096]);
        var start = Stopwatch.GetTimestamp();
        File.WriteAllBytes(path, bytes);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static Figure TimeWithTail(string what, Samples seconds) =>
        new(what, $"{seconds.Median * 1e3:0.00} ms", $"p90 {seconds.Quantile(0.9) * 1e3:0.00} ms");

    /// <summary>What a team would write: post, read, parse, upsert one row.</summary>
    private sealed class PlainTable(HttpClient finx, TableClient table, string refreshToken) : IDisposable
    {
        private string _refreshToken = refreshToken;

        public static async Task<PlainTable> PrepareAsync(Surroundings surroundings, RealServices services, WindowRelays relays)
        {
            var bare = await BareCalls.PrepareAsync(services);
            var table = new TableServiceClient(relays.ConnectionString).GetTableClient("plain");
            await table.CreateIfNotExistsAsync();
            var finx = new HttpClient { BaseAddress = relays.FinxAddress };
            var credentials = Encoding.UTF8.GetBytes($"{surroundings.Sandbox.Options.ClientId}:{surroundings.Sandbox.Options.ClientSecret}");
            finx.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(credentials));
            return new PlainTable(finx, table, bare.RefreshToken);
        }

        public async Task RefreshAsync()
        {
            using var response = await finx.PostAsJsonAsync("auth/token", new JsonObject { ["grant_type"] = "refresh_token", ["refresh_token"] = _refreshToken });
            var answer = JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
            _refreshToken = answer!["refresh_token"]!.GetValue<string>();
            await table.UpsertEntityAsync(new TableEntity("user-1", "tokens") { ["AccessToken"] = answer["access_token"]!.GetValue<string>(), ["RefreshToken"] = _refreshToken });
        }

        public void Dispose() => finx.Dispose();
    }
}
