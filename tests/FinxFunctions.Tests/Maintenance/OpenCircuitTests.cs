using FinxFunctions.Tests.Running;
using FinxSandbox.Faults;

namespace FinxFunctions.Tests.Maintenance;

public class OpenCircuitTests
{
    private const int Connections = 24;

    private static FaultRule Down => new() { Kind = FaultKind.ServerError, Status = 503, Operation = "token.refresh", Times = null };

    [Fact]
    public async Task A_connection_that_has_to_wait_for_finX_stays_in_the_rotation_schedule()
    {
        await using var app = await App.StartAsync();
        await ConnectAsync(app);
        await using var other = await app.StartTwinAsync(new() { ["Tokens:TickConcurrency"] = "1" }); // for which finX has done nothing yet
        app.Clock.Advance(TimeSpan.FromDays(50));
        var before = await EntriesAsync(app);
        app.Sandbox.Faults.Add(Down);

        await other.TickAsync();

        var asked = app.Calls("token.refresh").Count;
        Assert.InRange(asked, 1, Connections - 1); // then finX was left alone
        Assert.Equal(Connections - asked, before.Intersect(await EntriesAsync(app)).Count());
    }

    [Fact]
    public async Task The_circuit_opens_after_many_failures_and_closes_again_later()
    {
        await using var app = await App.StartAsync();
        var ids = await ConnectAsync(app);
        await using var other = await app.StartTwinAsync();
        app.Sandbox.Faults.Add(Down);
        foreach (var id in ids)
        {
            (await other.AskTokenAsync(id, new() { ["rejected_generation"] = 1 })).Dispose();
        }

        var asked = app.Calls("token.refresh").Count;
        app.Sandbox.Faults.Clear();
        app.Clock.Advance(TimeSpan.FromSeconds(30));
        var token = await other.GetTokenAsync(ids[^1], new() { ["rejected_generation"] = 1 });

        Assert.Equal(20, asked);
        Assert.Equal(2, token.Number("generation"));
    }

    private static async Task<IReadOnlyList<string>> ConnectAsync(App app)
    {
        List<string> ids = [];
        while (ids.Count < Connections)
        {
            ids.Add(await app.ConnectAsync());
        }

        return ids;
    }

    private static async Task<IReadOnlyList<string>> EntriesAsync(App app) => [.. (await app.RowsAsync("agenda")).Select(row => row.RowKey)];
}
