using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using FinxFunctions.Tests.Running;
using FinxSandbox.Faults;
using FinxSandbox.Finx.Tokens;
using FinxSandbox.Finx.Widget;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FinxFunctions.Tests.Contract;

/// <summary>Every operation of the document with every error that the document names. The recorder compares the answers.</summary>
public class StatusTests
{
    private const string Nobody = "0123456789abcdef0123456789abcdef";
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private static readonly IReadOnlyList<ContractOperation> Keyed = [.. ContractDocument.Operations.Where(operation => operation.NeedsKey)];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_that_needs_a_key_is_refused_without_it()
    {
        await using var app = await App.StartAsync(new() { ["FunctionKey"] = "key" });

        Assert.NotEmpty(Keyed);
        foreach (var operation in Keyed)
        {
            using var answer = await CallAsync(app, operation);
            Assert.Equal(401, (int)answer.StatusCode);
            Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Cancel));
        }
    }

    [Fact]
    public async Task With_Entra_a_caller_that_is_unknown_or_lacks_the_documented_role_is_refused()
    {
        await using var app = await App.StartAsync(new() { ["Callers:Mode"] = "Entra" });

        foreach (var operation in Keyed)
        {
            var role = operation.Value["security"]!.AsArray().Select(way => way!["entra"]?[0]?.GetValue<string>()).Single(name => name is not null)!;
            string[] others = ["Links.Create", "Connections.Read", "Tokens.Read", "Connections.Delete"];
            using var unknown = await CallAsync(app, operation);
            using var without = await CallAsync(app, operation, principal: Principal([.. others.Where(other => other != role)]));
            using var with = await CallAsync(app, operation, principal: Principal([role]));

            await unknown.ProblemAsync(401, "unauthorized");
            await without.ProblemAsync(403, "forbidden");
            Assert.NotInRange((int)with.StatusCode, 401, 403);
        }
    }

    [Fact]
    public async Task An_unknown_parameter_is_refused_and_an_unknown_id_is_not_found()
    {
        await using var app = await App.StartAsync();

        foreach (var operation in ContractDocument.Operations.Where(operation => !operation.TakesAnyParameter && operation.Id is not "Callback"))
        {
            using var invalid = await CallAsync(app, operation, query: "?nope=1");
            await invalid.ProblemAsync(400, "invalid_request");
        }

        foreach (var operation in Keyed.Where(operation => operation.Id is not "ListConnections"))
        {
            using var unknown = await CallAsync(app, operation, link: new() { ["connection_id"] = Nobody });
            await unknown.ProblemAsync(404, "unknown_connection");
        }
    }

    [Fact]
    public async Task A_body_that_is_too_long_or_of_another_type_is_refused()
    {
        await using var app = await App.StartAsync();

        foreach (var operation in ContractDocument.Operations.Where(operation => operation.RequestContent.Count > 0))
        {
            using var longer = await app.Http.PostAsync(AddressOf(operation, Nobody), new StringContent(new string(' ', 70_000), Encoding.UTF8, "application/json"), Cancel);
            using var other = await app.Http.PostAsync(AddressOf(operation, Nobody), new StringContent("a=b", Encoding.UTF8, "text/plain"), Cancel);

            await longer.ProblemAsync(413, "invalid_request");
            await other.ProblemAsync(415, "invalid_request");
        }
    }

    [Fact]
    public async Task Errors_that_finX_finds_are_forwarded_by_every_call_for_data()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();

        foreach (var operation in Keyed.Where(operation => operation.IsForwarded))
        {
            foreach (var (finx, status, code) in new[] { (400, 400, "invalid_request"), (404, 404, "not_found"), (403, 502, "finx_refused"), (500, 502, "finx_unavailable"), (503, 503, "finx_unavailable") })
            {
                app.Sandbox.Faults.Add(new() { Kind = FaultKind.Refuse, Status = finx, Operation = "data.*", Times = null });
                using var answer = await CallAsync(app, operation, id);
                app.Sandbox.Faults.Clear();

                await answer.ProblemAsync(status, code);
            }
        }
    }

    [Fact]
    public async Task Before_the_user_has_returned_there_is_neither_token_nor_data()
    {
        await using var app = await App.StartAsync();
        var pending = (await app.CreateLinkAsync()).Text("connection_id");

        foreach (var operation in Keyed.Where(operation => operation.IsForwarded || operation.Id is "GetToken"))
        {
            using var answer = await CallAsync(app, operation, pending);
            Assert.Equal("not_connected", (await answer.ProblemAsync(409, "needs_reconsent")).Text("reason"));
        }
    }

    [Fact]
    public async Task While_the_tables_do_not_answer_every_call_says_so()
    {
        var gate = new StorageGate();
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        await using var other = await app.StartTwinAsync(gate: gate);
        using var warm = await other.Http.GetAsync("/api/connections", Cancel);
        gate.Shut();

        foreach (var operation in Keyed)
        {
            using var answer = await CallAsync(other, operation, id);
            await answer.ProblemAsync(503, "storage_unavailable");
        }

        using var health = await other.Http.GetAsync("/api/health", Cancel);
        await health.JsonAsync(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task While_the_vault_does_not_answer_every_call_that_needs_it_says_so()
    {
        await using var app = await App.StartAsync();
        var link = await app.CreateLinkAsync(new() { ["code_challenge"] = Challenge });
        using var returned = await app.VisitAsync(app.Finish(link));
        var id = await app.ConnectAsync();
        await using var other = await app.StartTwinAsync();
        app.Sandbox.Faults.Add(new() { Kind = FaultKind.Refuse, Status = 403, Operation = "vault.*", Times = null });

        foreach (var operation in Keyed.Where(operation => operation.Id is not "DeleteConnection"))
        {
            using var answer = await CallAsync(other, operation, operation.Id is "ConfirmLink" ? link.Text("connection_id") : id);
            await answer.ProblemAsync(503, "vault_unavailable");
        }
    }

    [Fact]
    public async Task A_token_that_cannot_be_recorded_is_not_handed_out()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        await using var other = await app.StartTwinAsync(new() { ["Audit:ConnectionString"] = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=AAAA;TableEndpoint=http://127.0.0.1:1/a;" });

        using var answer = await other.AskTokenAsync(id);

        await answer.ProblemAsync(503, "audit_unavailable");
    }

    [Fact]
    public async Task A_flow_that_is_bound_to_its_browser_waits_is_busy_and_connects_or_fails()
    {
        await using var app = await App.StartAsync();
        await using var other = await app.StartTwinAsync(new() { ["Tokens:WaitLimit"] = "00:00:01" });
        var confirm = Keyed.Single(operation => operation.Id is "ConfirmLink");
        var link = await app.CreateLinkAsync(new() { ["code_challenge"] = Challenge });
        var failing = await app.CreateLinkAsync(new() { ["code_challenge"] = Challenge });
        using var returned = await app.VisitAsync(app.Finish(link));
        using var also = await app.VisitAsync(app.Finish(failing));
        var release = new TaskCompletionSource();
        var exchange = app.Sandbox.Faults.Add(new() { Kind = FaultKind.Slow, Operation = "token.exchange", HoldBefore = release.Task });

        var first = CallAsync(app, confirm, link.Text("connection_id"));
        await exchange.Reached.WaitAsync(TimeSpan.FromMinutes(2), Cancel);
        using var busy = await CallAsync(other, confirm, link.Text("connection_id"));
        release.SetResult();
        using var connected = await first;
        app.Sandbox.Faults.Add(new() { Kind = FaultKind.Refuse, Operation = "token.exchange", Times = 2, Body = """{"error":"invalid_grant"}""" });
        using var failed = await CallAsync(app, confirm, failing.Text("connection_id"));

        Assert.Equal("confirm", returned.Returned()["status"]);
        await busy.ProblemAsync(503, "busy");
        Assert.Equal(204, (int)connected.StatusCode);
        await failed.ProblemAsync(409, "link_failed");
    }

    [Fact]
    public async Task A_return_whose_exchange_is_delayed_gets_a_page_that_asks_again()
    {
        await using var app = await App.StartAsync();
        await using var other = await app.StartTwinAsync(new() { ["Tokens:WaitLimit"] = "00:00:01" });
        var callback = app.Finish(await app.CreateLinkAsync());
        var release = new TaskCompletionSource();
        var exchange = app.Sandbox.Faults.Add(new() { Kind = FaultKind.Slow, Operation = "token.exchange", HoldBefore = release.Task });

        var first = app.VisitAsync(callback);
        await exchange.Reached.WaitAsync(TimeSpan.FromMinutes(2), Cancel);
        using var held = await other.VisitAsync(callback);
        release.SetResult();
        using var done = await first;

        Assert.Equal(503, (int)held.StatusCode);
        Assert.Equal("connected", done.Returned()["status"]);
    }

    [Fact]
    public async Task A_deletion_that_finX_delays_is_visible_and_ends_when_repeated()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        var delete = Keyed.Single(operation => operation.Id is "DeleteConnection");

        app.Sandbox.Faults.Add(new() { Kind = FaultKind.Refuse, Status = 500, Operation = "token.revoke", Times = null });
        using var failed = await CallAsync(app, delete, id);
        var between = await app.GetConnectionAsync(id);
        app.Sandbox.Faults.Clear();
        using var deleted = await CallAsync(app, delete, id);

        await failed.ProblemAsync(502, "finx_unavailable");
        Assert.Equal("deleted", between.Text("status"));
        Assert.Equal(204, (int)deleted.StatusCode);
    }

    [Fact]
    public async Task A_deletion_does_not_interrupt_a_rotation()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        var delete = Keyed.Single(operation => operation.Id is "DeleteConnection");
        app.Clock.Advance(TimeSpan.FromHours(2));
        var release = new TaskCompletionSource();
        var refresh = app.Sandbox.Faults.Add(new() { Kind = FaultKind.Slow, Operation = "token.refresh", HoldBefore = release.Task });

        var asked = app.AskTokenAsync(id);
        await refresh.Reached.WaitAsync(TimeSpan.FromMinutes(2), Cancel);
        using var busy = await CallAsync(app, delete, id);
        release.SetResult();
        using var token = await asked;

        await busy.ProblemAsync(503, "busy");
        Assert.Equal(200, (int)token.StatusCode);
    }

    [Fact]
    public async Task If_finX_refuses_the_client_the_service_says_so_and_loses_nothing()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        app.Clock.Advance(TimeSpan.FromHours(2));
        await using var other = await app.StartTwinAsync(new() { ["Finx:ClientSecret"] = "another" });

        using var refused = await other.AskTokenAsync(id);

        await refused.ProblemAsync(502, "finx_refused");
        Assert.Equal("active", (await app.GetConnectionAsync(id)).Text("status"));
    }

    [Fact]
    public async Task A_refusal_after_a_lost_answer_has_its_own_reason()
    {
        await using var app = await App.StartAsync(sandbox: new() { RefreshTokenReuse = RefreshTokenReuse.Dead });
        var id = await app.ConnectAsync();
        app.Clock.Advance(TimeSpan.FromHours(2));
        app.Sandbox.Faults.Add(new() { Kind = FaultKind.DropAfter, Operation = "token.refresh" });

        using var lost = await app.AskTokenAsync(id);
        app.Clock.Advance(TimeSpan.FromHours(1));
        using var refused = await app.AskTokenAsync(id);
        var connection = await app.GetConnectionAsync(id);

        Assert.Equal("ambiguous", (await refused.ProblemAsync(409, "needs_reconsent")).Text("reason"));
        Assert.Equal(("needs_reconsent", "ambiguous"), (connection.Text("status"), connection.Text("reason")));
    }

    [Fact]
    public async Task A_link_can_be_requested_with_all_fields_and_is_created_once()
    {
        await using var app = await App.StartAsync();
        var first = await app.ConnectAsync();
        JsonObject body = new()
        {
            ["user_id"] = "user-1",
            ["return_uri"] = World.ReturnUri,
            ["state"] = "s",
            ["connection_id"] = first,
            ["mode"] = "iframe",
            ["origin"] = "https://app.test",
            ["code_challenge"] = Challenge,
            ["tracking_id"] = "t",
            ["language"] = "de",
            ["provider_id"] = "6b2f5b0e-4c52-4f1b-9f0e-0d7f6f0a1001",
            ["accounts"] = new JsonArray(new JsonObject { ["id"] = "DE07900948150000002000", ["currency"] = "EUR" }),
            ["account_types"] = new JsonArray("Giro account"),
            ["allow_multi_selection"] = true,
            ["sync_period"] = 30,
            ["save_secrets"] = false,
        };

        using var made = await PostAsync(body);
        using var again = await PostAsync(body);
        body["state"] = "t";
        using var conflict = await PostAsync(body);

        var link = await made.JsonAsync(HttpStatusCode.Created);
        Assert.Equal(link.ToJsonString(), (await again.JsonAsync(HttpStatusCode.Created)).ToJsonString());
        await conflict.ProblemAsync(422, "idempotency_conflict");

        async Task<HttpResponseMessage> PostAsync(JsonObject body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/links") { Content = JsonContent.Create(body) };
            request.Headers.Add("Idempotency-Key", "once");
            return await app.Http.SendAsync(request, Cancel);
        }
    }

    [Theory]
    [InlineData("redirect", 303)]
    [InlineData("popup", 200)]
    [InlineData("iframe", 200)]
    public async Task The_outcome_is_returned_in_the_mode_of_the_link(string mode, int status)
    {
        await using var app = await App.StartAsync();
        var link = await app.CreateLinkAsync(new() { ["mode"] = mode });

        using var answer = await app.VisitAsync(app.Finish(link, WidgetOutcome.Cancel));

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task A_defect_of_the_app_is_an_internal_error()
    {
        var gate = new StorageGate();
        await using var app = await App.StartAsync(gate: gate);
        gate.Break();

        using var answer = await app.Http.GetAsync($"/api/connections/{new string('0', 32)}", Cancel);

        await answer.ProblemAsync(500, "internal_error");
    }

    [Fact]
    public async Task A_row_that_cannot_be_read_is_an_unavailable_store_and_costs_no_other_row()
    {
        await using var app = await App.StartAsync();
        var id = (await app.CreateLinkAsync()).Text("connection_id");
        var rows = new TableServiceClient(app.World.Tables).GetTableClient("connections");
        var row = Assert.Single(await app.RowsAsync("connections"), row => row.RowKey is "connection");
        row["Status"] = "Nonsense";
        await rows.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, Cancel);

        using var answer = await app.Http.GetAsync($"/api/connections/{id}", Cancel);

        await answer.ProblemAsync(503, "storage_unavailable");
    }

    [Fact]
    public async Task All_headers_of_finX_about_its_data_and_all_parameters_are_forwarded()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        string? asked = null;
        await using var finx = await FinxAsync(context =>
        {
            asked = context.Request.QueryString.Value;
            context.Response.Headers.ContentLanguage = "de";
            context.Response.Headers.ContentDisposition = "inline";
            context.Response.Headers.ETag = "\"7\"";
            context.Response.Headers.LastModified = "Mon, 23 Nov 2026 12:00:00 GMT";
            context.Response.Headers.Link = "</next>; rel=\"next\"";
            return context.Response.WriteAsJsonAsync(new { accounts = Array.Empty<int>() });
        });
        await using var other = await app.StartTwinAsync(new() { ["Finx:BaseAddress"] = finx.Urls.Single() });

        foreach (var (operation, sort) in Keyed.Where(operation => operation.IsForwarded).SelectMany(operation => new[] { (operation, "asc"), (operation, "desc") }))
        {
            var query = $"?count=2&offset=1&sort={sort}&since=2026-01-01";
            using var request = new HttpRequestMessage(HttpMethod.Get, AddressOf(operation, id) + query);
            request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue("de"));
            using var answer = await other.Http.SendAsync(request, Cancel);
            Assert.Equal(200, (int)answer.StatusCode);
            Assert.Equal(query, asked);
            Assert.Equal("inline", answer.Content.Headers.ContentDisposition?.ToString());
        }
    }

    private static async Task<WebApplication> FinxAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var finx = builder.Build();
        finx.Run(answer);
        await finx.StartAsync(Cancel);
        return finx;
    }

    private static async Task<HttpResponseMessage> CallAsync(App app, ContractOperation operation, string id = Nobody, string query = "", string? principal = null, JsonObject? link = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(operation.Method), AddressOf(operation, id) + query);
        request.Content = operation.Id switch
        {
            "CreateLink" => JsonContent.Create(new JsonObject([KeyValuePair.Create<string, JsonNode?>("user_id", "user-1"), KeyValuePair.Create<string, JsonNode?>("return_uri", World.ReturnUri), .. (link ?? []).Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone()))])),
            "ConfirmLink" => JsonContent.Create(new JsonObject { ["code_verifier"] = Verifier }),
            _ => null,
        };
        if (principal is not null)
        {
            request.Headers.Add("X-MS-CLIENT-PRINCIPAL", principal);
        }

        return await app.Http.SendAsync(request, Cancel);
    }

    private static string AddressOf(ContractOperation operation, string id) =>
        operation.Path.Replace("{id}", id, StringComparison.Ordinal).Replace("{accountId}", "A1.1", StringComparison.Ordinal);

    private static string Principal(string[] roles) => Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(new
    {
        claims = roles.Select(role => new { typ = "roles", val = role }).Append(new { typ = "azp", val = "6f1c7d0e-0000-4000-8000-000000000001" }),
    }));
}
