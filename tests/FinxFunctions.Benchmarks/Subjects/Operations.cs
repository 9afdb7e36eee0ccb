using System.Diagnostics;
using System.Text.Json.Nodes;
using FinxFunctions.Benchmarks.Harness;
using FinxFunctions.Benchmarks.Hosts;
using FinxFunctions.Callback;
using FinxFunctions.Rotation;
using FinxFunctions.Tokens;

namespace FinxFunctions.Benchmarks.Subjects;

/// <summary>The time of operations beside that of the calls that they consist of.</summary>
internal sealed class Operations : Subject
{
    public override string Name => "operations";

    public override string Title => "a refresh, a link and a callback, each / the sum of its bare calls";

    public override async Task MeasureAsync(Run run, Finding finding)
    {
        await using var surroundings = await Surroundings.StartAsync();
        foreach (var (where, tables, vault, finx, isHeadline) in new[] { ("as far away as in Azure", 5, 15, 100, true), ("next door", 0, 0, 0, false) })
        {
            await using var services = new RealServices(surroundings, TimeSpan.FromMilliseconds(tables), TimeSpan.FromMilliseconds(vault), TimeSpan.FromMilliseconds(finx));
            var bare = await BareCalls.PrepareAsync(services);
            await RefreshAsync(run, finding, services, bare, where, isHeadline);
            await LinkAsync(run, finding, services, bare, where, isHeadline);
            await CallbackAsync(run, finding, services, bare, where, isHeadline);
        }

        finding.Notes.Add("Through the app's own clients, against Azurite and the sandbox. \"As far away as in Azure\": each call to Table Storage takes 5 ms more, to Key Vault 15 ms, to finX 100 ms. \"Next door\": without these delays. There, Azurite is the limit: it answers one call at a time, so the parallel writes of the app (due entries, which cost no time in Azure) wait, and all share this machine's cores. Refresh: what the caller waits for, which is the row, the secret, the lease, finX and the persisted answer; no token is cached. Vault and commit go on behind. Link: finX and the batch of the connection. Callback: what the user waits for, which is the row, the lease, finX and the persisted answer; the app also reads once more to see how the flow ended, and writes the due entry of the lease before it.");
    }

    private static async Task RefreshAsync(Run run, Finding finding, RealServices services, BareCalls bare, string where, bool isHeadline)
    {
        var rounds = await PairedRun.RunAsync(run, $"refresh, {where}", run.Rounds(120, 40),
            async () =>
            {
                // A connection is refreshed by force once a minute, so each round has one of its own.
                var id = await services.ConnectAsync();
                services.Get<TokenCache>().Remove(id);
                var time = await TimeAsync(async () =>
                {
                    if (await services.Get<AccessTokenProvider>().GetAsync("function-key", id, new AccessRequest(TimeSpan.FromMinutes(1), RejectedGeneration: 1), CancellationToken.None) is not AccessResult.Granted { Source: AccessSource.Refreshed })
                        throw new InvalidOperationException("Nothing was refreshed.");
                });
                await services.SettleAsync();
                return time;
            },
            async () =>
            {
                var time = await TimeAsync(async () =>
                {
                    await bare.ReadRowsAsync();
                    await bare.ReadSecretAsync();
                    await bare.AcquireAsync();
                    await bare.RedeemAsync(new JsonObject { ["grant_type"] = "refresh_token", ["refresh_token"] = bare.RefreshToken });
                    await bare.PersistAsync();
                });
                await bare.WriteSecretAsync();
                await bare.CommitAsync();
                return time;
            });
        Add(finding, "refresh", where, rounds, 1.15, isHeadline);
    }

    private static async Task LinkAsync(Run run, Finding finding, RealServices services, BareCalls bare, string where, bool isHeadline)
    {
        var rounds = await PairedRun.RunAsync(run, $"link, {where}", run.Rounds(120, 40),
            async () =>
            {
                var time = await TimeAsync(() => services.CreateLinkAsync());
                await services.SettleAsync();
                return time;
            },
            () => TimeAsync(async () =>
            {
                await bare.AskLinkAsync();
                await bare.CreateAsync();
            }));
        Add(finding, "create link", where, rounds, 1.10, isHeadline);
    }

    private static async Task CallbackAsync(Run run, Finding finding, RealServices services, BareCalls bare, string where, bool isHeadline)
    {
        var rounds = await PairedRun.RunAsync(run, $"callback, {where}", run.Rounds(120, 40),
            async () =>
            {
                var query = services.Finish((await services.CreateLinkAsync()).FlowId);
                await services.SettleAsync();
                var time = await TimeAsync(() => services.ReturnAsync(query));
                await services.SettleAsync();
                return time;
            },
            async () =>
            {
                CallbackQuery query = services.Finish(await bare.AskLinkAsync());
                var time = await TimeAsync(async () =>
                {
                    await bare.ReadRowsAsync();
                    await bare.AcquireAsync();
                    await bare.RedeemAsync(new JsonObject { ["grant_type"] = "authorization_code", ["code"] = query.Code!.Reveal() });
                    await bare.PersistAsync();
                });
                await bare.WriteSecretAsync();
                await bare.CommitAsync();
                return time;
            });
        Add(finding, "callback", where, rounds, 1.15, isHeadline);
    }

    private static void Add(Finding finding, string what, string where, IReadOnlyList<(double First, double Second)> rounds, double goal, bool isHeadline)
    {
        var ratio = new Samples(rounds.Select(round => round.First / round.Second));
        finding.Add(Figure.AtMost($"{what} / its bare calls, {where}", ratio, goal, isHeadline));
        finding.Add(new Figure($"{what} itself, {where}", $"{Text.Time(new Samples(rounds.Select(round => round.First)).Median)} for {Text.Time(new Samples(rounds.Select(round => round.Second)).Median)}"));
    }

    private static async Task<double> TimeAsync(Func<Task> act)
    {
        var start = Stopwatch.GetTimestamp();
        await act();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
