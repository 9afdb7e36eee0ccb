using FinxFunctions.Worker.Tests.Hosts;
using FinxFunctions.Worker.Tests.Running;

namespace FinxFunctions.Worker.Tests.Cases;

/// <summary>Where a request leads.</summary>
public sealed class RoutingCases(SharedHosts hosts) : HostCases(hosts)
{
    [Theory]
    [OnEachHost(
        "GET /api", "GET /api/nothing", "GET /api/links", "PUT /api/links", "HEAD /api/health", "OPTIONS /api/connections", "POST /api/connections",
        "POST /api/callback", $"PATCH /api/connections/{Nobody}", $"GET /api/connections/{Nobody}/token", $"DELETE /api/connections/{Nobody}/accounts",
        $"POST /api/connections/{Nobody}/transactions", $"GET /api/connections/{Nobody}/accounts/a/nothing", "GET /nothing", "GET /api/health/live/x")]
    public async Task What_no_function_takes_leads_nowhere(HostKind kind, string call)
    {
        using var answer = await (await Hosts.GetAsync(kind)).Caller.SendAsync(call);

        Assert.InRange((int)answer.StatusCode, 404, 405);
    }

    [Theory]
    [OnEachHost("/API/Connections", "/api/connections/", "/Api/CONNECTIONS/", "/api/connection%73")]
    public async Task A_path_is_read_without_regard_to_case_a_last_slash_or_needless_encoding(HostKind kind, string path)
    {
        using var answer = await (await Hosts.GetAsync(kind)).Caller.SendAsync($"GET {path}");

        await answer.JsonAsync();
    }

    [Theory]
    [OnEachHost("a%2Fb", "%2e%2e%2fhealth", "a%20b", "%E2%82%AC", "a%25b", "%3Fx=1", "a;b", "a%23b", "a'b", "%5c")]
    public async Task An_id_is_taken_as_it_is_whatever_is_encoded_in_it(HostKind kind, string id)
    {
        var status = await RawHttp.GetAsync(await Hosts.GetAsync(kind), $"/api/connections/{id}");

        Assert.Equal((404, true), (status.Status, status.Answer.Contains("unknown_connection", StringComparison.Ordinal)));
    }

    [Theory]
    [OnEachHost("/api//connections", "/api/connections//", "//api/connections", "/api/connections/%00", "/api/connections/%zz", "/api/../admin/host/status", "/api/%2e%2e/admin/host/status")]
    public async Task A_crooked_path_reaches_no_connection_and_breaks_nothing(HostKind kind, string path)
    {
        var (status, _) = await RawHttp.GetAsync(await Hosts.GetAsync(kind), path);

        Assert.InRange(status, 400, 404);
    }
}
