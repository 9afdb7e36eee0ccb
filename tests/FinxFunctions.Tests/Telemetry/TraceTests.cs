using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using FinxFunctions.Tests.Running;
using FinxSandbox.Faults;

namespace FinxFunctions.Tests.Telemetry;

public class TraceTests
{
    [Fact]
    public async Task Each_trace_of_a_connection_is_linked_to_the_one_before()
    {
        ConcurrentQueue<Activity> parts = new();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "FinxFunctions" or "Microsoft.AspNetCore",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = parts.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var app = await App.StartAsync();

        var id = await app.ConnectAsync();
        await app.GetTokenAsync(id, new JsonObject { ["rejected_generation"] = 1 });
        await app.SettleAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        app.Sandbox.Faults.Add(new() { Kind = FaultKind.ServerError, Operation = "vault.set", Status = 503, Times = null });
        await app.GetTokenAsync(id, new JsonObject { ["rejected_generation"] = 2 });
        await app.SettleAsync();
        app.Sandbox.Faults.Clear();
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        await app.TickAsync();

        var story = parts.Where(part => part.GetTagItem("finx.connection_id") is string of && of == id).OrderBy(part => part.StartTimeUtc).ToList();
        Assert.Equal(["rotation.exchange", "rotation.refresh", "rotation.refresh", "rotation.recovery"], story.Select(part => part.OperationName));
        var asked = parts.Where(part => part.GetTagItem("http.route") is "/api/links").Select(part => part.TraceId);
        Assert.Contains(Assert.Single(story[0].Links).Context.TraceId, asked);
        foreach (var (former, part) in story.Zip(story.Skip(1)))
        {
            Assert.Equal(former.TraceId, Assert.Single(part.Links).Context.TraceId);
        }
    }
}
