using FinxFunctions.Tests.Running;
using FinxSandbox.Faults;

namespace FinxFunctions.Tests.Tokens;

public class RestingFinxTests
{
    private const int Connections = 24;

    [Fact]
    public async Task Whoever_has_to_wait_for_finX_keeps_its_place_in_the_agenda()
    {
        await using var app = await App.StartAsync(new() { ["Tokens:TickConcurrency"] = "1" });
        for (var connected = 0; connected < Connections; connected++)
        {
            await app.ConnectAsync();
        }

        app.Clock.Advance(TimeSpan.FromDays(50));
        var before = await EntriesAsync(app);
        app.Sandbox.Faults.Add(new() { Kind = FaultKind.ServerError, Status = 503, Operation = "token.refresh", Times = null });

        await app.TickAsync();

        var asked = app.Calls("token.refresh").Count;
        Assert.InRange(asked, 1, Connections - 1); // then finX was left alone
        Assert.Equal(Connections - asked, before.Intersect(await EntriesAsync(app)).Count());
    }

    [Fact]
    public async Task FinX_is_asked_again_once_its_rest_is_over()
    {
        await using var app = await App.StartAsync();
        var ids = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => app.ConnectAsync()));
        app.Sandbox.Faults.Add(new() { Kind = FaultKind.ServerError, Status = 503, Operation = "token.refresh", Times = null });
        await Task.WhenAll(ids.Select(id => app.AskTokenAsync(id, new() { ["rejected_generation"] = 1 })));
        app.Sandbox.Faults.Clear();
        var asked = app.Calls("token.refresh").Count;
        var fresh = await app.ConnectAsync();

        HttpResponseMessage response;
        do
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
            response = await app.AskTokenAsync(fresh, new() { ["rejected_generation"] = 1 });
        }
        while (!response.IsSuccessStatusCode);

        Assert.InRange(asked, 20, Connections);
        Assert.Equal(2, (await response.JsonAsync()).Number("generation"));
    }

    private static async Task<IReadOnlyList<string>> EntriesAsync(App app) => [.. (await app.RowsAsync("agenda")).Select(row => row.RowKey)];
}
