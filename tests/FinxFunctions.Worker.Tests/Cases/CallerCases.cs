using FinxFunctions.Worker.Tests.Hosts;
using FinxFunctions.Worker.Tests.Running;

namespace FinxFunctions.Worker.Tests.Cases;

/// <summary>Where callers are told apart by App Service Authentication.</summary>
public sealed class CallerCases(SharedHosts hosts) : HostCases(hosts)
{
    private static readonly string[] Calls =
    [
        "POST /api/links", $"POST /api/connections/{Nobody}/confirm", $"GET /api/connections/{Nobody}", "GET /api/connections",
        $"DELETE /api/connections/{Nobody}", $"POST /api/connections/{Nobody}/token", $"GET /api/connections/{Nobody}/accounts",
        $"GET /api/connections/{Nobody}/accounts/a", $"GET /api/connections/{Nobody}/transactions", $"GET /api/connections/{Nobody}/accounts/a/transactions",
    ];

    [Theory, OnEachHost]
    public async Task A_caller_without_a_principal_is_unknown_and_one_without_the_role_is_forbidden(HostKind kind)
    {
        await using var world = await World.StartAsync(Hosts.Tables);
        await using var host = await HostUnderTest.StartAsync(kind, world, new() { ["Callers__Mode"] = "Entra", ["WEBSITE_AUTH_ENABLED"] = "True" });

        foreach (var call in Calls)
        {
            using var unknown = await host.Caller.SendAsync(call);
            await unknown.ProblemAsync(401, "unauthorized");

            host.Caller.Http.DefaultRequestHeaders.Add("X-MS-CLIENT-PRINCIPAL", Principal("Nothing"));
            using var without = await host.Caller.SendAsync(call);
            host.Caller.Http.DefaultRequestHeaders.Clear();
            await without.ProblemAsync(403, "forbidden");
        }
    }

    private static string Principal(string role) => Convert.ToBase64String(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new
    {
        auth_typ = "aad",
        name_typ = "name",
        role_typ = "roles",
        claims = new[] { new { typ = "azp", val = "11111111-1111-1111-1111-111111111111" }, new { typ = "roles", val = role } },
    }));
}
