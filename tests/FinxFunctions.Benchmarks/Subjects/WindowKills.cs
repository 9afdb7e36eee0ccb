using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using FinxFunctions.Benchmarks.Harness;
using FinxFunctions.Benchmarks.Hosts;

namespace FinxFunctions.Benchmarks.Subjects;

/// <summary>Kills real workers (SIGKILL) up to 4 ms after finX's answer was handed over, and sees which connections are lost.</summary>
internal static class WindowKills
{
    private const double LongestDelay = 0.004;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task MeasureAsync(Run run, Finding finding)
    {
        var app = await PublishedApp.FinxFunctions.FolderAsync(run);
        var kills = run.Rounds(48, 12);
        Console.WriteLine($"    {"",-20} {"killed",8} {"persisted",10} {"in journal",11} {"lost",6}");
        foreach (var journal in new[] { null, Directory.CreateTempSubdirectory("window-journal-").FullName })
        {
            await using var surroundings = await Surroundings.StartAsync();
            using var relays = new WindowRelays(surroundings);
            Dictionary<string, string?> settings = new(surroundings.Settings().Concat(relays.Settings()).GroupBy(pair => pair.Key).Select(group => group.Last()))
            {
                // finX honours a used token no more, and the app knows it: what it did not persist is lost.
                ["Tokens:Replays"] = "0",
                ["Tokens:Lease"] = "00:00:10",
                ["Finx:TokenTimeout"] = "00:00:05",
                ["Tokens:JournalDirectory"] = journal,
            };
            var what = journal is null ? "without a journal" : "with a journal";
            var (persisted, journaled, lost) = await KillAsync(run, what, app, surroundings, relays, settings, kills);
            Console.WriteLine($"    {what,-20} {kills,8} {persisted,10} {journaled,11} {lost,6}");
            finding.Add(new Figure($"killed / persisted / only in the journal / lost, {what}", string.Create(CultureInfo.InvariantCulture, $"{kills} / {persisted} / {journaled} / {lost}")));
            if (journal is not null)
                Directory.Delete(journal, recursive: true);
        }

        finding.Notes.Add("By kills: published workers on FunctionsHost, each killed with SIGKILL at a random moment up to 4 ms after finX's answer was handed over. \"Persisted\": the table has the answer when the process is dead. Then a new process starts over the same stores and the same journal, and each connection is asked for a token: lost where it has ended. finX honours no used token (Tokens__Replays 0).");
    }

    private static async Task<(int Persisted, int Journaled, int Lost)> KillAsync(
        Run run, string what, string app, Surroundings surroundings, WindowRelays relays, Dictionary<string, string?> settings, int kills)
    {
        var random = new Random(11);
        var table = new TableServiceClient(surroundings.Tables.ConnectionString).GetTableClient("connections");
        List<string> ids = [];
        var (persisted, journaled) = (0, 0);
        for (var kill = 0; kill < kills; kill++)
        {
            run.Tell($"{what}: kill {kill + 1} of {kills}");
            await using var host = await HostProcess.StartAsync(app, settings);
            ids.Add(await surroundings.ConnectAsync(host));
            await WarmAsync(host, surroundings);
            await KillAfterAnswerAsync(host, relays, ids[^1], random.NextDouble() * LongestDelay);
            if (await IsPersistedAsync(table, ids[^1]))
                persisted++;
            else if (settings["Tokens:JournalDirectory"] is { } journal && Directory.EnumerateFiles(journal, $"{ids[^1]}*").Any())
                journaled++;
        }

        run.Tell($"{what}: asking for tokens");
        await using var next = await HostProcess.StartAsync(app, settings);
        await Task.Delay(TimeSpan.FromSeconds(11)); // the last lease has expired
        var lost = 0;
        foreach (var id in ids)
            lost += await IsLostAsync(next, id) ? 1 : 0;
        return (persisted, journaled, lost);
    }

    /// <summary>One refresh of another connection: the process has done it before, as one that lives for minutes has.</summary>
    private static async Task WarmAsync(HostProcess host, Surroundings surroundings)
    {
        using var warm = await RefreshAsync(host, await surroundings.ConnectAsync(host));
        warm.EnsureSuccessStatusCode();
        await Task.Delay(TimeSpan.FromMilliseconds(500)); // its vault and commit
    }

    private static async Task KillAfterAnswerAsync(HostProcess host, WindowRelays relays, string id, double delay)
    {
        using var process = Process.GetProcessById(host.Worker.Id);
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        relays.OnAnswer(at =>
        {
            while (Stopwatch.GetElapsedTime(at).TotalSeconds < delay)
                Thread.SpinWait(20);
            process.Kill();
            killed.TrySetResult();
        });
        var asked = RefreshAsync(host, id);
        await killed.Task.WaitAsync(Patience);
        relays.OnAnswer(_ => { });
        await process.WaitForExitAsync();
        try
        {
            (await asked.WaitAsync(TimeSpan.FromSeconds(1))).Dispose();
        }
        catch (Exception exception) when (exception is HttpRequestException or TimeoutException or OperationCanceledException)
        {
            // The process is gone.
        }
    }

    private static async Task<HttpResponseMessage> RefreshAsync(HostProcess host, string id) =>
        await host.Http.PostAsJsonAsync($"/api/connections/{id}/token", new JsonObject { ["rejected_generation"] = 1 });

    /// <summary>Whether the lease's row has the answer, or the next generation is there.</summary>
    private static async Task<bool> IsPersistedAsync(TableClient table, string id)
    {
        await foreach (var row in table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {id}")))
        {
            if (row.ContainsKey("AnswerKey") || (row.RowKey == "connection" && row.GetInt32("Generation") > 1))
                return true;
        }

        return false;
    }

    private static async Task<bool> IsLostAsync(HostProcess host, string id)
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < Patience)
        {
            using var answer = await host.Http.PostAsJsonAsync($"/api/connections/{id}/token", new JsonObject { ["rejected_generation"] = 1 });
            if (answer.IsSuccessStatusCode)
                return false;
            if (answer.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.Gone or HttpStatusCode.NotFound)
                return true;
            await Task.Delay(TimeSpan.FromMilliseconds(500));
        }

        throw new InvalidOperationException($"Connection {id} gave neither a token nor an end.");
    }
}
