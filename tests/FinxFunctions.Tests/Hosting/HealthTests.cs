using System.Net;
using System.Text.Json.Nodes;
using FinxFunctions.Tests.Running;
using FinxSandbox.Faults;

namespace FinxFunctions.Tests.Hosting;

public class HealthTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_service_is_healthy_if_every_dependency_answers_and_no_token_is_used()
    {
        await using var app = await App.StartAsync();
        await app.ConnectAsync();
        app.Sandbox.Journal.Clear();

        var report = await CheckAsync(app, HttpStatusCode.OK);

        Assert.Equal("""{"status":"healthy","dependencies":{"table_storage":"healthy","key_vault":"healthy","finx":"healthy"}}""", report.ToJsonString());
        Assert.DoesNotContain(app.Sandbox.Journal.Entries, call => call.Presented is not null || call.SecretName?.StartsWith("connection-", StringComparison.Ordinal) is true);
        app.AssertQuiet();
    }

    [Fact]
    public async Task Many_requests_at_once_cost_the_dependencies_one_check()
    {
        await using var app = await App.StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => CheckAsync(app, HttpStatusCode.OK)));

        Assert.InRange(app.Sandbox.Journal.Entries.Count, 1, 10);
    }

    [Theory]
    [InlineData("finx", FaultKind.ServerError)]
    [InlineData("finx", FaultKind.DropBefore)]
    [InlineData("key_vault", FaultKind.ServerError)]
    [InlineData("key_vault", FaultKind.DropBefore)]
    [InlineData("key_vault", FaultKind.Refuse)]
    public async Task A_dependency_that_fails_is_named(string dependency, FaultKind kind)
    {
        await using var app = await App.StartAsync();
        app.Sandbox.Faults.Add(new() { Kind = kind, Status = kind is FaultKind.Refuse ? 403 : null, Operation = dependency is "finx" ? "unknown" : "vault.*", Times = null });

        // Under a path, because the page at the sandbox's root has no faults.
        await using var other = await app.StartTwinAsync(new() { ["Finx:BaseAddress"] = new Uri(app.Sandbox.FinxAddress, "v1").AbsoluteUri });
        var report = await CheckAsync(other, HttpStatusCode.ServiceUnavailable);

        Assert.Equal("unhealthy", report.Text("status"));
        Assert.Equal(["unhealthy"], report["dependencies"]!.AsObject().Where(pair => pair.Key == dependency).Select(pair => pair.Value!.GetValue<string>()));
        Assert.Equal(2, report["dependencies"]!.AsObject().Count(pair => pair.Value!.GetValue<string>() == "healthy"));
    }

    [Fact]
    public async Task A_vault_that_was_used_and_is_not_in_the_settings_makes_the_service_not_ready()
    {
        await using var app = await App.StartAsync(sandbox: new() { VaultPorts = [0, 0] });
        var removed = app.Sandbox.VaultAddresses[1];
        while (!(await app.RowsAsync("connections")).Any(row => row.GetString("Vault") == removed.AbsoluteUri))
        {
            await app.CreateLinkAsync();
        }

        await using var other = await app.StartTwinAsync(new() { ["Vaults:Addresses:1"] = null });
        var report = await CheckAsync(other, HttpStatusCode.ServiceUnavailable);

        Assert.Equal("unhealthy", report["dependencies"]!["key_vault"]!.GetValue<string>());
        Assert.Contains(removed.AbsoluteUri, report["problems"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_that_fail_are_named()
    {
        var gate = new StorageGate();
        await using var app = await App.StartAsync(gate: gate);
        gate.Shut();

        var report = await CheckAsync(app, HttpStatusCode.ServiceUnavailable);

        Assert.Equal("""{"table_storage":"unhealthy","key_vault":"healthy","finx":"healthy"}""", report["dependencies"]!.ToJsonString());
    }

    [Fact]
    public async Task A_dependency_that_does_not_answer_in_time_is_unhealthy()
    {
        await using var app = await App.StartAsync();
        var never = new TaskCompletionSource();
        app.Sandbox.Faults.Add(new() { Kind = FaultKind.Slow, Operation = "vault.*", HoldBefore = never.Task, Times = null });
        var start = TimeProvider.System.GetTimestamp();

        var report = await CheckAsync(app, HttpStatusCode.ServiceUnavailable);

        Assert.Equal("""{"table_storage":"healthy","key_vault":"unhealthy","finx":"healthy"}""", report["dependencies"]!.ToJsonString());
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(30));
        never.SetResult();
    }

    [Fact]
    public async Task The_process_is_alive_whatever_is_down_and_calls_no_dependency()
    {
        var gate = new StorageGate();
        await using var app = await App.StartAsync(gate: gate);
        gate.Shut();
        app.Sandbox.Journal.Clear();

        using var response = await app.Http.GetAsync("/api/health/live", Cancel);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Empty(app.Sandbox.Journal.Entries);
        app.AssertQuiet();
    }

    [Theory]
    [InlineData("/api/health?probe=1", HttpStatusCode.OK)]
    [InlineData("/api/health?_=1&_=2&x", HttpStatusCode.OK)]
    [InlineData("/api/health/live?probe=1", HttpStatusCode.NoContent)]
    public async Task A_probe_with_any_query_is_answered(string address, HttpStatusCode expected)
    {
        await using var app = await App.StartAsync();

        using var response = await app.Http.GetAsync(address, Cancel);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task A_failed_check_is_reported_in_the_answer_and_not_in_the_log()
    {
        var gate = new StorageGate();
        await using var app = await App.StartAsync(gate: gate);
        gate.Shut();

        await CheckAsync(app, HttpStatusCode.ServiceUnavailable);

        app.AssertQuiet();
    }

    [Fact]
    public async Task A_report_is_kept_for_a_moment()
    {
        await using var app = await App.StartAsync();
        await CheckAsync(app, HttpStatusCode.OK);
        app.Sandbox.Faults.Add(new() { Kind = FaultKind.ServerError, Operation = "vault.*", Times = null });

        await CheckAsync(app, HttpStatusCode.OK);
    }

    private static async Task<JsonObject> CheckAsync(App app, HttpStatusCode expected)
    {
        using var response = await app.Http.GetAsync("/api/health", Cancel);
        return await response.JsonAsync(expected);
    }
}
