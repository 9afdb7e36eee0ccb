using System.Text.Json;
using FinxFunctions.Worker.Tests.Hosts;
using FinxFunctions.Worker.Tests.Running;

namespace FinxFunctions.Worker.Tests.Cases;

/// <summary>Where callers are told apart by App Service Authentication.</summary>
public sealed class CallerCases(SharedHosts hosts) : HostCases(hosts)
{
    private const string Header = "X-MS-CLIENT-PRINCIPAL";

    private static readonly (string Role, string Call)[] Calls =
    [
        ("Links.Create", "POST /api/links"),
        ("Links.Create", $"POST /api/connections/{Nobody}/confirm"),
        ("Connections.Read", $"GET /api/connections/{Nobody}"),
        ("Connections.Read", "GET /api/connections"),
        ("Connections.Delete", $"DELETE /api/connections/{Nobody}"),
        ("Tokens.Read", $"POST /api/connections/{Nobody}/token"),
        ("Connections.Read", $"GET /api/connections/{Nobody}/accounts"),
        ("Connections.Read", $"GET /api/connections/{Nobody}/accounts/a"),
        ("Connections.Read", $"GET /api/connections/{Nobody}/transactions"),
        ("Connections.Read", $"GET /api/connections/{Nobody}/accounts/a/transactions"),
    ];

    [Theory, OnEachHost]
    public async Task A_caller_without_a_principal_is_unknown_and_one_without_the_role_is_forbidden(HostKind kind)
    {
        if (kind is HostKind.External)
            throw HostUnderTest.Skip("The host runs elsewhere, and tells callers apart as it likes.");

        await using var world = await World.StartAsync(Hosts.Tables);
        await using var host = await HostUnderTest.StartAsync(kind, world, new() { ["Callers__Mode"] = "Entra", ["WEBSITE_AUTH_ENABLED"] = "True" });
        var roles = Calls.Select(call => call.Role).Distinct().ToList();

        foreach (var (role, call) in Calls)
        {
            using var unknown = await SendAsync(host.Caller, call, null);
            using var without = await SendAsync(host.Caller, call, Principal([.. roles.Where(other => other != role)]));
            using var with = await SendAsync(host.Caller, call, Principal([role]));

            await unknown.ProblemAsync(401, "unauthorized");
            await without.ProblemAsync(403, "forbidden");
            Assert.NotInRange((int)with.StatusCode, 401, 403);
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(Caller caller, string call, string? principal)
    {
        var content = new ByteArrayContent([]);
        if (principal is not null)
            content.Headers.TryAddWithoutValidation(Header, principal);
        return await caller.SendAsync(call, content);
    }

    private static string Principal(IEnumerable<string> roles) => Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(new
    {
        auth_typ = "aad",
        name_typ = "name",
        role_typ = "roles",
        claims = roles.Select(role => new { typ = "roles", val = role })
            .Append(new { typ = "azp", val = "11111111-1111-1111-1111-111111111111" })
            .Append(new { typ = "aud", val = "api://finx" })
            .Append(new { typ = "azpacr", val = "1" })
            .Append(new { typ = "ver", val = "2.0" }),
    }));
}
