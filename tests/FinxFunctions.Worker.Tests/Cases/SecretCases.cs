using System.Text.Json.Nodes;
using FinxFunctions.Worker.Tests.Hosts;
using FinxFunctions.Worker.Tests.Running;
using FinxSandbox;
using FinxSandbox.Faults;
using Microsoft.AspNetCore.WebUtilities;

namespace FinxFunctions.Worker.Tests.Cases;

/// <summary>No secret shows in what a host prints, logs or sends to a collector, with all that is logged at Information.</summary>
public sealed class SecretCases(SharedHosts hosts) : HostCases(hosts)
{
    private const string FunctionKey = "marked-function-key-7261";
    private const string ClientSecret = "marked-client-secret-9915";
    private const string UserId = "marked.user.4410@example.com";
    private const string Verifier = "marked-code-verifier-3307-dBjftJeZ4CVP-mB92K27uhb";

    private readonly List<string> _secrets = [FunctionKey, ClientSecret, UserId, Verifier];

    [Theory, OnEachHost]
    public async Task No_secret_shows_in_output_logs_traces_or_metrics(HostKind kind)
    {
        if (kind is HostKind.External)
            throw HostUnderTest.Skip("Needs the whole output of the process and a collector of its own.");

        await using var collector = await Collector.StartAsync(Cancel);
        await using var world = await World.StartAsync(Hosts.Tables, new SandboxOptions { ClientSecret = ClientSecret });
        var settings = new Dictionary<string, string?>(collector.Settings)
        {
            [World.KeySetting] = FunctionKey,
            ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Development", // so that the worker prints its logs
            ["Logging__LogLevel__Default"] = "Information",
        };
        var host = await HostUnderTest.StartAsync(kind, world, settings);
        await using (host)
        {
            await WalkAsync(host, world);
            await collector.Traces.WaitForAsync(batch => batch.Contains("rotation.refresh", StringComparison.Ordinal), Cancel);
            await collector.Metrics.WaitForAsync(batch => batch.Contains("finx.rotations", StringComparison.Ordinal), Cancel);
            await collector.Logs.WaitForAsync(batch => batch.Contains("Tick: ", StringComparison.Ordinal), Cancel);
        }

        var output = host.Output!.ToString();
        Assert.Contains("Tick: ", output, StringComparison.Ordinal); // the search has something to search
        Assert.True(_secrets.Count > 10, "The walk did not meet the secrets that it is for.");
        AssertAbsent("the output", output);
        AssertAbsent("a record sent to the host", host.Log?.ToString() ?? "");
        AssertAbsent("the host's log", (host as WorkerUnderTest)?.Host.Log.ToString() ?? "");
        AssertAbsent("a trace", collector.Traces.ToString());
        AssertAbsent("a metric", collector.Metrics.ToString());
        AssertAbsent("a log record", collector.Logs.ToString());
    }

    [Fact]
    public void The_search_finds_what_it_is_for() => Assert.ThrowsAny<Exception>(() => AssertAbsent("a text", $"x {Uri.EscapeDataString(UserId)} y"));

    /// <summary>Goes through the functions, in peace and in trouble, and notes each secret that it meets.</summary>
    private async Task WalkAsync(HostUnderTest host, World world)
    {
        var caller = host.Caller;
        var id = await ConnectAsync(caller, []);
        foreach (var outcome in new[] { "cancel", "fail" })
            await ReturnAsync(caller, await LinkAsync(caller, []), outcome);

        var bound = await LinkAsync(caller, new() { ["code_challenge"] = WebEncoders.Base64UrlEncode(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(Verifier))) });
        await ReturnAsync(caller, bound, "success");
        await CallAsync(caller, $"POST /api/connections/{bound.Text("connection_id")}/confirm", new() { ["code_verifier"] = Verifier });

        await NoteTokenAsync(caller, id, null);
        await NoteTokenAsync(caller, id, 1);
        await CallAsync(caller, $"GET /api/connections?user_id={Uri.EscapeDataString(UserId)}&code={FunctionKey}");
        await CallAsync(caller, $"GET /api/connections/{id}/accounts");
        await CallAsync(caller, $"GET /api/connections/{id}/accounts/nope?code={FunctionKey}");
        await CallAsync(caller, $"POST /api/links?code={FunctionKey}", new() { ["user_id"] = UserId, ["return_uri"] = "https://evil.example/" });

        world.Sandbox.Faults.Add(new() { Kind = FaultKind.ServerError, Operation = "token.refresh", Body = Echo() });
        await CallAsync(caller, $"POST /api/connections/{id}/token", new() { ["rejected_generation"] = 2 });
        world.Sandbox.Faults.Add(new() { Kind = FaultKind.ServerError, Operation = "data.*", Body = Echo(), Times = 4 });
        await CallAsync(caller, $"GET /api/connections/{id}/accounts");
        world.Sandbox.Faults.Add(new() { Kind = FaultKind.Refuse, Operation = "token.exchange", Body = Echo() });
        await ReturnAsync(caller, await LinkAsync(caller, []), "success");
        world.Sandbox.Faults.Clear();

        await caller.FireTimerAsync();
        await CallAsync(caller, $"DELETE /api/connections/{id}");
    }

    private async Task<string> ConnectAsync(Caller caller, JsonObject fields)
    {
        var link = await LinkAsync(caller, fields);
        await ReturnAsync(caller, link, "success");
        return link.Text("connection_id");
    }

    private async Task<JsonObject> LinkAsync(Caller caller, JsonObject fields)
    {
        fields["user_id"] = UserId;
        var link = await caller.CreateLinkAsync(fields);
        _secrets.Add(new Uri(link.Text("location")).Query);
        return link;
    }

    private async Task ReturnAsync(Caller caller, JsonObject link, string outcome)
    {
        var address = await caller.FinishAsync(link, outcome);
        var query = QueryHelpers.ParseQuery(address.Query);
        _secrets.AddRange(query.Where(parameter => parameter.Key is "state" or "code").Select(parameter => parameter.Value.ToString()));
        (await caller.ReturnAsync(address)).Dispose();
        (await caller.ReturnAsync(address)).Dispose();
    }

    private async Task NoteTokenAsync(Caller caller, string id, int? rejected)
    {
        using var answer = await caller.AskTokenAsync(id, rejected);
        _secrets.Add((await answer.JsonAsync()).Text("access_token"));
    }

    private static async Task CallAsync(Caller caller, string call, JsonObject? body = null) => (await caller.SendAsync(call, body?.ToJsonString())).Dispose();

    /// <summary>An error of finX that says the worst it can: what it was sent.</summary>
    private string Echo() => new JsonObject { ["error"] = new JsonObject { ["code"] = 1004, ["message"] = string.Join(' ', _secrets) } }.ToJsonString();

    private void AssertAbsent(string where, string text)
    {
        foreach (var secret in _secrets)
        {
            var forms = new[] { secret, Uri.EscapeDataString(secret), Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(secret)) };
            if (forms.FirstOrDefault(form => text.Contains(form, StringComparison.Ordinal)) is { } found)
                Assert.Fail($"{where} holds {found}: {text.Split('\n').First(line => line.Contains(found, StringComparison.Ordinal))}");
        }
    }
}
