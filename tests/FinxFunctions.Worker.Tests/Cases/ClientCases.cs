using FinxFunctions.Worker.Tests.Hosts;
using FinxFunctions.Worker.Tests.Running;
using FinxSandbox.Faults;

namespace FinxFunctions.Worker.Tests.Cases;

/// <summary>A client that does not wait for its answer.</summary>
public sealed class ClientCases(SharedHosts hosts) : HostCases(hosts)
{
    [Theory, OnEachHost]
    public async Task A_client_that_goes_away_while_finX_refreshes_costs_no_token(HostKind kind)
    {
        using var turn = await Hosts.TakeTurnAsync(kind, nameof(ClientCases), _ => []);
        var id = await turn.Caller.ConnectAsync();
        var refreshes = turn.World.Sandbox.Journal.Of("token.refresh").Count;
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var held = turn.World.Sandbox.Faults.Add(new() { Kind = FaultKind.Slow, Operation = "token.refresh", HoldAfter = answer.Task });

        using (var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancel))
        {
            var asked = turn.Caller.SendWhileAsync($"POST /api/connections/{id}/token", Json("""{"rejected_generation":1}"""), null, leaving.Token);
            await held.Reached.WaitAsync(Cancel);
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        }
        answer.SetResult();
        using var token = await turn.Caller.AskTokenAsync(id, 1);

        Assert.Equal(2, (await token.JsonAsync()).Number("generation"));
        Assert.Equal(refreshes + 1, turn.World.Sandbox.Journal.Of("token.refresh").Count);
    }

    [Theory, OnEachHost]
    public async Task A_client_that_goes_away_in_the_middle_of_a_stream_leaves_no_error_behind(HostKind kind)
    {
        using var turn = await Hosts.TakeTurnAsync(kind, nameof(ClientCases), _ => []);
        var id = await turn.Caller.ConnectAsync();
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var held = turn.World.Sandbox.Faults.Add(new() { Kind = FaultKind.Slow, Operation = "data.*", HoldAfter = answer.Task });

        using (var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancel))
        {
            var asked = turn.Caller.SendWhileAsync($"GET /api/connections/{id}/accounts", null, null, leaving.Token);
            await held.Reached.WaitAsync(Cancel);
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        }
        answer.SetResult();
        using var next = await turn.Caller.SendAsync($"GET /api/connections/{id}/accounts");

        await next.JsonAsync();
        Assert.DoesNotContain(turn.Host.Log?.Lines ?? [], line => line.StartsWith("Error ", StringComparison.Ordinal));
        Assert.DoesNotContain(turn.Host.Output!.Lines, line => line.Contains("fail:", StringComparison.Ordinal) || line.Contains("Exception", StringComparison.Ordinal));
    }

    private static StringContent Json(string body) => new(body, System.Text.Encoding.UTF8, "application/json");
}
