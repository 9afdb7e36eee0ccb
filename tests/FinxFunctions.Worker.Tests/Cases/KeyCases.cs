using System.Net;
using FinxFunctions.Worker.Tests.Hosts;
using FinxFunctions.Worker.Tests.Running;

namespace FinxFunctions.Worker.Tests.Cases;

/// <summary>What the function key and the master key open.</summary>
public sealed class KeyCases(SharedHosts hosts) : HostCases(hosts)
{
    private const string Admin = "POST /admin/functions/RotateRefreshTokens";

    [Theory]
    [OnEachHost(
        "POST /api/links", $"POST /api/connections/{Nobody}/confirm", $"GET /api/connections/{Nobody}", "GET /api/connections",
        $"DELETE /api/connections/{Nobody}", $"POST /api/connections/{Nobody}/token", $"GET /api/connections/{Nobody}/accounts",
        $"GET /api/connections/{Nobody}/accounts/a", $"GET /api/connections/{Nobody}/transactions", $"GET /api/connections/{Nobody}/accounts/a/transactions")]
    public async Task A_function_opens_to_the_function_key_alone(HostKind kind, string call)
    {
        var host = await Hosts.GetAsync(kind);
        var key = host.FunctionKey ?? throw HostUnderTest.Skip("The host asks for no key.");

        foreach (var wrong in new[] { "", "wrong", key[..^1], $"{key}x", key.ToUpperInvariant() + "x" })
        {
            using var refused = await host.Caller.SendAsync(call, key: wrong);
            await refused.EmptyAsync(HttpStatusCode.Unauthorized);
        }
        using var inQuery = await host.Caller.SendAsync($"{call}?code={key}", key: "");
        using var inHeader = await host.Caller.SendAsync(call);
        using var headerFirst = await host.Caller.SendAsync($"{call}?code={key}", key: "wrong");

        Assert.NotEqual(HttpStatusCode.Unauthorized, inQuery.StatusCode);
        Assert.NotEqual(HttpStatusCode.Unauthorized, inHeader.StatusCode);
        await headerFirst.EmptyAsync(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [OnEachHost("GET /api/health", "GET /api/health/live", "GET /api/openapi.json", "GET /api/callback")]
    public async Task An_anonymous_function_opens_to_everybody(HostKind kind, string call)
    {
        var caller = (await Hosts.GetAsync(kind)).Caller;

        using var without = await caller.SendAsync(call, key: "");
        using var wrong = await caller.SendAsync(call, key: "wrong");

        Assert.NotEqual(HttpStatusCode.Unauthorized, without.StatusCode);
        Assert.Equal(without.StatusCode, wrong.StatusCode);
    }

    [Theory, OnEachHost]
    public async Task The_master_key_opens_functions_too(HostKind kind)
    {
        var host = await Hosts.GetAsync(kind);
        var key = host.MasterKey ?? throw HostUnderTest.Skip("Needs the master key: FINX_SUITE_MASTER_KEY holds none.");

        using var answer = await host.Caller.SendAsync("GET /api/connections", key: key);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory, OnEachHost]
    public async Task The_timer_is_told_to_run_with_the_master_key(HostKind kind)
    {
        var host = await Hosts.GetAsync(kind);
        var key = host.MasterKey ?? throw HostUnderTest.Skip("Needs the master key: FINX_SUITE_MASTER_KEY holds none.");

        using var without = await host.Caller.SendAsync(Admin, "{}", "");
        using var wrong = await host.Caller.SendAsync(Admin, "{}", "wrong");
        using var unknown = await host.Caller.SendAsync("POST /admin/functions/Nothing", "{}", key);
        using var right = await host.Caller.SendAsync(Admin, "{}", key);

        await without.EmptyAsync(HttpStatusCode.Unauthorized);
        await wrong.EmptyAsync(HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, right.StatusCode);
    }

    [Theory, OnEachHost]
    public async Task The_function_key_does_not_open_the_admin_addresses(HostKind kind)
    {
        var host = await Hosts.GetAsync(kind);
        Assert.SkipWhen(host.FunctionKey is null, "The host asks for no key.");

        using var answer = await host.Caller.SendAsync(Admin, "{}");

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }
}
