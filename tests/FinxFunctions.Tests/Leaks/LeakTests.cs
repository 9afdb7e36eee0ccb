using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using FinxFunctions.KeyVault;
using FinxFunctions.Tests.Running;
using FinxSandbox.Faults;
using FinxSandbox.Finx.Widget;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace FinxFunctions.Tests.Leaks;

/// <summary>
/// Sends marked secrets through every operation and every fault, and then searches for them in logs, telemetry, answers and tables.
/// </summary>
public class LeakTests
{
    private const string FunctionKey = "marked-function-key-7261";
    private const string ClientSecret = "marked-client-secret-9915";
    private const string UserId = "marked.user.4410@example.com";
    private const string Verifier = "marked-code-verifier-3307-dBjftJeZ4CVP-mB92K27uhb";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_secret_shows_where_it_must_not()
    {
        using var observed = new Observed();
        var audit = (await TestContext.Current.GetFixture<TableStorage>())!.TakeAccount();
        await using var app = await App.StartAsync(
            new()
            {
                ["FunctionKey"] = FunctionKey,
                ["Audit:ConnectionString"] = audit,
                ["Links:AllowedReturnUris:1"] = "https://other.test/",

                // All logs of the app and the Azure SDKs. The web server and the HTTP client log as in production.
                ["Logging:LogLevel:Default"] = "Trace",
                ["Logging:LogLevel:Azure"] = "Trace",
            },
            new() { ClientSecret = ClientSecret });
        var walk = new Walk(app);

        await walk.ConnectAsync();
        await walk.ConfirmAsync();
        await walk.FailAsync();
        await walk.ReadAsync();
        await walk.TroubleAsync();
        await walk.RotateAsync();
        await walk.EndAsync();

        AssertAbsent("a log line", Lines(app), walk.Secrets);
        AssertAbsent("a trace or a metric", observed.Seen, walk.Secrets);
        AssertAbsent("a row", [(await RowsAsync(app.World.Tables)).InClear(), (await RowsAsync(audit)).InClear()], walk.Secrets);
        AssertAbsent("a secret's name or tag", await SecretNamesAsync(app), walk.Secrets);
        foreach (var (what, text, allowed) in walk.Answers)
        {
            AssertAbsent(what, [text], walk.Secrets.Where(secret => !allowed.Contains(secret.Key)));
        }

        Assert.True(walk.Secrets.Count > 20, "The walk did not meet the secrets that it is for.");
        Assert.NotEmpty(observed.Seen);
    }

    [Fact]
    public void The_search_finds_what_it_is_for() =>
        Assert.ThrowsAny<Exception>(() => AssertAbsent("a log line", ["x marked-function-key-7261 y"], [KeyValuePair.Create("key", FunctionKey)]));

    private static void AssertAbsent(string where, IEnumerable<string> texts, IEnumerable<KeyValuePair<string, string>> secrets)
    {
        var all = texts.ToList();
        foreach (var (name, secret) in secrets)
        {
            var forms = new[] { secret, Uri.EscapeDataString(secret), Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)) };
            if (all.FirstOrDefault(text => forms.Any(form => text.Contains(form, StringComparison.Ordinal))) is { } found)
            {
                Assert.Fail($"{where} holds {name}: {found}");
            }
        }
    }

    private static IEnumerable<string> Lines(App app) => app.Logs.GetSnapshot().Select(line => string.Join('\n',
    [
        $"{line.Category} {line.Message} {line.Exception}",
        .. (line.StructuredState ?? []).Select(value => $"{value.Key}={value.Value}"),
        .. line.Scopes.Select(scope => scope is IEnumerable<KeyValuePair<string, object?>> values ? string.Join(' ', values.Select(value => $"{value.Key}={value.Value}")) : $"{scope}"),
    ]));

    private static async Task<IReadOnlyList<TableEntity>> RowsAsync(string account)
    {
        var service = new TableServiceClient(account);
        List<TableEntity> rows = [];
        await foreach (var table in service.QueryAsync(cancellationToken: Cancel))
        {
            rows.AddRange(await service.GetTableClient(table.Name).QueryAsync<TableEntity>(cancellationToken: Cancel).ToListAsync(Cancel));
        }

        return rows;
    }

    private static async Task<IReadOnlyList<string>> SecretNamesAsync(App app)
    {
        List<string> names = [];
        foreach (var vault in app.Services.GetRequiredService<VaultClients>().All)
        {
            await foreach (var secret in vault.GetPropertiesOfSecretsAsync(Cancel))
            {
                names.Add($"{secret.Name} {secret.ContentType} {string.Join(' ', secret.Tags.Select(tag => $"{tag.Key}={tag.Value}"))}");
            }
        }

        return names;
    }

    /// <summary>Calls all endpoints. Records each secret, and each answer with the secrets that it may contain.</summary>
    private sealed class Walk(App app)
    {
        private string _id = "";

        public Dictionary<string, string> Secrets { get; } = new()
        {
            ["the function key"] = FunctionKey,
            ["the client secret"] = ClientSecret,
            ["the user's id"] = UserId,
            ["the verifier"] = Verifier,
        };

        public List<(string What, string Text, IReadOnlyCollection<string> Allowed)> Answers { get; } = [];

        public async Task ConnectAsync()
        {
            foreach (var mode in new[] { "redirect", "popup", "iframe" })
            {
                var link = await LinkAsync(new() { ["mode"] = mode }, idempotencyKey: $"key-{mode}");
                await LinkAsync(new() { ["mode"] = mode }, idempotencyKey: $"key-{mode}");
                await ReturnAsync(link);
                _id = link.Text("connection_id");
            }

            await NoteTokensAsync();
        }

        public async Task ConfirmAsync()
        {
            var link = await LinkAsync(new() { ["code_challenge"] = Microsoft.AspNetCore.WebUtilities.WebEncoders.Base64UrlEncode(System.Security.Cryptography.SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))) });
            await ReturnAsync(link);
            var path = $"/api/connections/{link.Text("connection_id")}/confirm";
            await SendAsync(HttpMethod.Post, path, new() { ["code_verifier"] = Verifier + "x" });
            await SendAsync(HttpMethod.Post, path, new() { ["code_verifier"] = Verifier, ["unknown"] = 1 });
            await SendAsync(HttpMethod.Post, path, new() { ["code_verifier"] = Verifier });
            await NoteTokensAsync();
        }

        public async Task FailAsync()
        {
            foreach (var outcome in new[] { WidgetOutcome.Cancel, WidgetOutcome.Fail })
            {
                await ReturnAsync(await LinkAsync([]), outcome);
            }

            var refused = await LinkAsync([]);
            app.Sandbox.Faults.Add(new() { Kind = FaultKind.Refuse, Operation = "token.exchange", Body = Echo() });
            await ReturnAsync(refused);
            await SendAsync(HttpMethod.Post, "/api/links", new() { ["user_id"] = UserId, ["return_uri"] = "https://evil.test/", ["unknown"] = UserId });
            await SendAsync(HttpMethod.Post, "/api/links", new() { ["user_id"] = UserId, ["return_uri"] = World.ReturnUri, ["connection_id"] = _id, ["state"] = "s" });
            app.Sandbox.Faults.Add(new() { Kind = FaultKind.Refuse, Operation = "links.create", Body = """{"error":{"code":1,"message":"Basic marked-client-secret-9915"}}""" });
            await SendAsync(HttpMethod.Post, "/api/links", new() { ["user_id"] = UserId, ["return_uri"] = World.ReturnUri });
            await SendAsync(HttpMethod.Get, $"/api/callback?state={Secrets.Last(secret => secret.Key.StartsWith("state", StringComparison.Ordinal)).Value}x&code={Secrets.Last(secret => secret.Key.StartsWith("code", StringComparison.Ordinal)).Value}", null);
            await SendAsync(HttpMethod.Post, $"/api/connections/{_id}/token?code={FunctionKey}", null, withKey: false, allowed: [.. Secrets.Keys.Where(name => name.StartsWith("access", StringComparison.Ordinal))]);
            await SendAsync(HttpMethod.Get, $"/api/connections?code={FunctionKey}x", null, withKey: false);
        }

        public async Task ReadAsync()
        {
            await SendAsync(HttpMethod.Get, $"/api/connections/{_id}", null, allowed: ["the user's id"]);
            await SendAsync(HttpMethod.Get, $"/api/connections?user_id={Uri.EscapeDataString(UserId)}", null, allowed: ["the user's id"]);
            await SendAsync(HttpMethod.Get, $"/api/connections?user_id={Uri.EscapeDataString(UserId)}&user_id=2", null);
            await SendAsync(HttpMethod.Get, $"/api/connections/{_id}/accounts", null);
            await SendAsync(HttpMethod.Get, $"/api/connections/{_id}/accounts/nope?code={FunctionKey}", null);
            await SendAsync(HttpMethod.Get, $"/api/connections/{_id}/transactions?count=2", null);
            await SendAsync(HttpMethod.Get, "/api/health", null);
        }

        /// <summary>Faults of finX and the vault. finX's errors repeat the request.</summary>
        public async Task TroubleAsync()
        {
            foreach (var kind in new[] { FaultKind.ServerError, FaultKind.Throttle, FaultKind.DropBefore, FaultKind.Malformed })
            {
                var rejected = (await app.RowsAsync("connections")).Single(row => row.PartitionKey == _id && row.RowKey == "connection").GetInt32("Generation");
                app.Sandbox.Faults.Add(new() { Kind = kind, Operation = "token.refresh", Body = Echo() });
                await SendAsync(HttpMethod.Post, $"/api/connections/{_id}/token", new() { ["rejected_generation"] = rejected }, isToken: true);
                await NoteTokensAsync();
                app.Clock.Advance(TimeSpan.FromMinutes(20));
                await app.TickAsync();
                await NoteTokensAsync();
            }

            app.Sandbox.Faults.Add(new() { Kind = FaultKind.Refuse, Status = 401, Operation = "data.*", Times = 2, Body = Echo() });
            await SendAsync(HttpMethod.Get, $"/api/connections/{_id}/accounts", null);
            app.Sandbox.Faults.Add(new() { Kind = FaultKind.ServerError, Operation = "data.*", Times = 4, Body = Echo() });
            await SendAsync(HttpMethod.Get, $"/api/connections/{_id}/accounts", null);
            app.Sandbox.Faults.Add(new() { Kind = FaultKind.Refuse, Status = 403, Operation = "vault.get", Times = 2 });
            await using var other = await app.StartTwinAsync();
            using var answer = await other.Http.PostAsync($"/api/connections/{_id}/token?code={FunctionKey}", null, Cancel);
            AssertAbsent("a log line", Lines(other), Secrets);
        }

        public async Task RotateAsync()
        {
            app.Sandbox.Faults.Clear();
            app.Clock.Advance(TimeSpan.FromDays(50));
            await app.TickAsync();
            await NoteTokensAsync();
        }

        public async Task EndAsync()
        {
            app.Sandbox.Faults.Add(new() { Kind = FaultKind.ServerError, Operation = "token.revoke", Body = Echo() });
            await SendAsync(HttpMethod.Delete, $"/api/connections/{_id}", null);
            app.Clock.Advance(TimeSpan.FromHours(1));
            await SendAsync(HttpMethod.Delete, $"/api/connections/{_id}", null);
            await SendAsync(HttpMethod.Post, $"/api/connections/{_id}/token", null);
        }

        /// <summary>An error of finX that repeats the tokens of the request.</summary>
        private string Echo() => new JsonObject
        {
            ["error"] = new JsonObject
            {
                ["code"] = 1004,
                ["message"] = string.Join(' ', Secrets.Values),
                ["data"] = new JsonObject { ["token"] = string.Join(' ', Secrets.Values.Take(30)) },
            },
        }.ToJsonString();

        private async Task<JsonObject> LinkAsync(JsonObject fields, string? idempotencyKey = null)
        {
            var body = new JsonObject { ["user_id"] = UserId, ["return_uri"] = World.ReturnUri };
            foreach (var (name, value) in fields)
            {
                body[name] = value?.DeepClone();
            }

            var text = await SendAsync(HttpMethod.Post, "/api/links", body, idempotencyKey: idempotencyKey, isLink: true);
            return JsonNode.Parse(text)!.AsObject();
        }

        private async Task ReturnAsync(JsonObject link, WidgetOutcome outcome = WidgetOutcome.Success)
        {
            var callback = app.Finish(link, outcome);
            var query = QueryHelpers.ParseQuery(callback.Query);
            Note("state", query["state"].ToString());
            if (query.TryGetValue("code", out var code))
            {
                Note("code", code.ToString());
            }

            await SendAsync(HttpMethod.Get, callback.PathAndQuery, null, withKey: false);
            await SendAsync(HttpMethod.Get, callback.PathAndQuery, null, withKey: false);
        }

        private async Task<string> SendAsync(HttpMethod method, string path, JsonObject? body, bool withKey = true, string? idempotencyKey = null, bool isLink = false, bool isToken = false, IReadOnlyCollection<string>? allowed = null)
        {
            using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
            if (withKey)
            {
                request.Headers.Add("x-functions-key", FunctionKey);
            }

            if (idempotencyKey is not null)
            {
                request.Headers.Add("Idempotency-Key", idempotencyKey);
            }

            using var answer = await app.Http.SendAsync(request, Cancel);
            var text = await answer.Content.ReadAsStringAsync(Cancel);
            var may = new List<string>(allowed ?? []);
            if (isLink && answer.StatusCode is HttpStatusCode.Created)
            {
                may.Add(Note("location", new Uri(JsonNode.Parse(text)!.AsObject().Text("location")).Query));
            }

            if (isToken && answer.StatusCode is HttpStatusCode.OK)
            {
                may.Add(Note("access token", JsonNode.Parse(text)!.AsObject().Text("access_token")));
            }

            Answers.Add(($"the answer to {method} {path.Split('?')[0]}", $"{answer}\n{text}", may));
            return text;
        }

        /// <summary>The tokens that the vault holds.</summary>
        private async Task NoteTokensAsync()
        {
            foreach (var secret in await app.PairsAsync())
            {
                var pair = JsonNode.Parse(secret.Value)!.AsObject();
                foreach (var (name, value) in pair.Where(field => field.Key.EndsWith("token", StringComparison.OrdinalIgnoreCase)))
                {
                    Note(name.StartsWith("access", StringComparison.OrdinalIgnoreCase) ? "access token" : "refresh token", value!.GetValue<string>());
                }
            }
        }

        private string Note(string kind, string secret)
        {
            if (Secrets.FirstOrDefault(known => known.Value == secret) is { Key: { } known })
            {
                return known;
            }

            var name = $"{kind} {Secrets.Count}";
            Secrets[name] = secret;
            return name;
        }
    }
}
