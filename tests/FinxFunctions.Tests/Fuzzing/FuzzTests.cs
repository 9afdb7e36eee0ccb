using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using FinxFunctions.Tests.Leaks;
using FinxFunctions.Tests.Running;
using Microsoft.AspNetCore.WebUtilities;

namespace FinxFunctions.Tests.Fuzzing;

/// <summary>
/// Thousands of mutated requests to every call. No answer is a 5xx, a refusal names the errors, and a refused request leaves no trace at finX
/// or in the tables. FUZZ_SEED repeats a run, FUZZ_REQUESTS makes it longer.
/// </summary>
public class FuzzTests
{
    private const string SomeId = "0123456789abcdef0123456789abcdef";

    private static readonly string[] Codes = ["invalid_request", "unknown_connection", "not_found", "idempotency_conflict", "needs_reconsent"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static int Seed { get; } = Setting("FUZZ_SEED") ?? Random.Shared.Next();

    private static int Requests { get; } = Setting("FUZZ_REQUESTS") ?? 1_000;

    [Fact]
    public async Task Links()
    {
        await using var app = await App.StartAsync();
        var accepted = 0;

        // Without account_types: finX decides which exist.
        await EachAsync(app, async (mutation, number) =>
        {
            var body = mutation.Body(new()
            {
                ["user_id"] = "u",
                ["return_uri"] = World.ReturnUri,
                ["state"] = "s",
                ["language"] = "de",
                ["mode"] = "popup",
                ["origin"] = "https://app.test",
                ["accounts"] = new JsonArray(new JsonObject { ["id"] = "DE89370400440532013000", ["currency"] = "EUR" }),
                ["sync_period"] = 90,
                ["allow_multi_selection"] = true,
                ["provider_id"] = null,
                ["code_challenge"] = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            });
            var request = Request(HttpMethod.Post, "/api/links" + mutation.Query(), body, mutation);
            if (mutation.Chance(10))
            {
                request.Headers.TryAddWithoutValidation("Idempotency-Key", $"{mutation.Header()}{number}");
            }

            return (request, answer =>
            {
                if (answer.StatusCode is HttpStatusCode.Created)
                {
                    Interlocked.Increment(ref accepted);
                }
            }
            );
        });

        var rows = await app.RowsAsync("connections");
        Assert.Equal(app.CallsToFinx().Count, accepted);
        Assert.True(rows.Count(row => row.RowKey == "connection") <= accepted, "A refused request left a row.");
        Assert.InRange(accepted, 0, Requests / 2);
    }

    [Fact]
    public async Task Returns_from_the_widget()
    {
        await using var app = await App.StartAsync();
        var callback = app.Finish(await app.CreateLinkAsync());
        var query = QueryHelpers.ParseQuery(callback.Query).ToDictionary(parameter => parameter.Key, parameter => parameter.Value.ToString());
        var before = (await app.RowsAsync("connections")).InClear();

        await EachAsync(app, (mutation, _) =>
        {
            var state = mutation.Spoil(query["state"]);
            var parameters = query.Where(_ => !mutation.Chance(4)).ToDictionary(parameter => parameter.Key, parameter => mutation.Chance(3) ? mutation.Text() : parameter.Value);
            parameters["state"] = state;
            var address = "/api/callback?" + string.Join('&', parameters.Select(parameter => $"{parameter.Key}={mutation.Escape(parameter.Value)}"));
            return Task.FromResult<(HttpRequestMessage, Action<HttpResponseMessage>)>((Request(HttpMethod.Get, address, null, mutation), answer => Assert.Equal(400, (int)answer.StatusCode)));
        }, isPage: true);

        Assert.Equal(before, (await app.RowsAsync("connections")).InClear());
        Assert.Empty(app.Calls("token.exchange"));
        using var returned = await app.VisitAsync(callback);
        Assert.Equal("connected", returned.Returned()["status"]);
    }

    [Fact]
    public async Task Calls_about_connections()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        await app.GetTokenAsync(id);
        var before = (await app.RowsAsync("connections")).InClear();
        var calls = app.CallsToFinx().Count;

        await EachAsync(app, (mutation, number) =>
        {
            // The test server accepts no null character in a path. Kestrel refuses it before the app.
            var spoiled = mutation.Escape(mutation.Spoil(mutation.Chance(2) ? id : SomeId)).Replace("%00", "%01", StringComparison.Ordinal);
            var (method, path, body) = (number % 8) switch
            {
                0 => (HttpMethod.Get, $"/api/connections/{spoiled}{mutation.Query()}", null),
                1 => (HttpMethod.Delete, $"/api/connections/{spoiled}{mutation.Query()}", null),
                2 => (HttpMethod.Post, $"/api/connections/{spoiled}/token{mutation.Query()}", mutation.Body(new() { ["min_validity"] = 60, ["rejected_generation"] = 1 })),
                3 => (HttpMethod.Post, $"/api/connections/{spoiled}/confirm{mutation.Query()}", mutation.Body(new() { ["code_verifier"] = "x" })),
                4 => (HttpMethod.Get, $"/api/connections/{spoiled}/accounts/{mutation.Escape(mutation.Text()).Replace("%00", "%01", StringComparison.Ordinal)}{mutation.Query()}", null),
                5 => (HttpMethod.Get, $"/api/connections/{spoiled}/transactions{mutation.Query()}", null),
                6 => (HttpMethod.Post, $"/api/connections/{id}/token", mutation.Body(new() { ["min_validity"] = -1, ["rejected_generation"] = "x" })),
                _ => (HttpMethod.Get, $"/api/connections?{mutation.Pick("user_id", "status", "next", "limit")}={mutation.Escape(mutation.Text())}", null),
            };
            return Task.FromResult<(HttpRequestMessage, Action<HttpResponseMessage>)>((Request(method, path, body, mutation), _ => { }));
        });

        Assert.Equal(before, (await app.RowsAsync("connections")).InClear());
        Assert.Equal(calls, app.CallsToFinx().Count);
    }

    private static async Task EachAsync(App app, Func<Mutation, int, Task<(HttpRequestMessage Request, Action<HttpResponseMessage> Check)>> make, bool isPage = false) =>
        await Parallel.ForEachAsync(Enumerable.Range(0, Requests), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancel }, async (number, cancellationToken) =>
        {
            var (request, check) = await make(new Mutation(unchecked((Seed * 397) ^ number)), number);
            var sent = $"{request.Method} {request.RequestUri} {(request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken))}";
            using var answer = await app.Http.SendAsync(request, cancellationToken);
            var body = await answer.Content.ReadAsStringAsync(cancellationToken);
            try
            {
                Assert.InRange((int)answer.StatusCode, 200, 499);
                check(answer);
                Assert.DoesNotContain("finx_status", body, StringComparison.Ordinal);
                if (!isPage && (int)answer.StatusCode >= 400 && !IsRouting(answer, body))
                {
                    var problem = JsonNode.Parse(body)!.AsObject();
                    Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
                    Assert.Contains(problem.Text("code"), Codes);
                    Assert.True(problem.Text("code") != "invalid_request" || problem["errors"] is JsonObject { Count: > 0 }, $"No error is named: {body}");
                }
            }
            catch (Exception exception)
            {
                Assert.Fail($"FUZZ_SEED={Seed}, request {number}: {sent[..Math.Min(sent.Length, 2_000)]}\nanswer {(int)answer.StatusCode} {body}\n{exception.Message}");
            }
            finally
            {
                request.Dispose();
            }
        });

    /// <summary>The host answers a path without a function.</summary>
    private static bool IsRouting(HttpResponseMessage answer, string body) => answer.StatusCode is HttpStatusCode.NotFound && body.Length == 0;

    private static HttpRequestMessage Request(HttpMethod method, string address, byte[]? body, Mutation mutation)
    {
        var request = new HttpRequestMessage(method, address) { Content = body is null ? null : new ByteArrayContent(body) };
        request.Content?.Headers.TryAddWithoutValidation("Content-Type", mutation.ContentType());
        if (mutation.Chance(5))
        {
            request.Headers.TryAddWithoutValidation(mutation.Pick("X-MS-CLIENT-PRINCIPAL", "Accept-Language", "traceparent", "x-functions-key"), mutation.Header());
        }

        return request;
    }

    private static int? Setting(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
