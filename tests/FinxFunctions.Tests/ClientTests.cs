using System.Net;
using System.Text.Json;
using Azure.Core;
using FinxFunctions.Client;
using FinxFunctions.Tests.Running;
using FinxSandbox.Faults;
using FinxSandbox.Finx.Widget;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FinxFunctions.Tests;

/// <summary>The client library against the app.</summary>
public class ClientTests
{
    private static readonly Uri ReturnUri = new(World.ReturnUri);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_whole_flow()
    {
        await using var app = await App.StartAsync(new() { ["FunctionKey"] = "key" });
        await using var services = Services(app.OpenHandler, options => options.FunctionKey = "key");
        var finx = services.GetRequiredService<FinxFunctionsClient>();

        var link = await finx.CreateLinkAsync(new LinkRequest("user-1", ReturnUri) { State = "s", Language = "en", SyncPeriod = 30 }, "once", Cancel);
        var again = await finx.CreateLinkAsync(new LinkRequest("user-1", ReturnUri) { State = "s", Language = "en", SyncPeriod = 30 }, "once", Cancel);
        var pending = await finx.GetConnectionAsync(link.ConnectionId, Cancel);
        using var returned = await app.VisitAsync(app.Sandbox.Finish(link.FlowId, WidgetOutcome.Success)!);
        var active = await finx.GetConnectionAsync(link.ConnectionId, Cancel);
        var token = await finx.GetTokenAsync(link.ConnectionId, cancellationToken: Cancel);
        var next = await finx.GetTokenAsync(link.ConnectionId, TimeSpan.FromMinutes(5), token.Generation, Cancel);
        using var accounts = await ReadAsync(finx.GetAccountsAsync(link.ConnectionId, cancellationToken: Cancel));
        var account = accounts.RootElement.GetProperty("accounts")[0].GetProperty("account_id").GetString()!;
        using var one = await ReadAsync(finx.GetAccountAsync(link.ConnectionId, account, cancellationToken: Cancel));
        using var all = await ReadAsync(finx.GetTransactionsAsync(link.ConnectionId, [new("count", "5"), new("filter", "purpose:a & b")], Cancel));
        using var some = await ReadAsync(finx.GetAccountTransactionsAsync(link.ConnectionId, account, [new("count", "3")], Cancel));
        var listed = await finx.ListConnectionsAsync("user-1", ConnectionStatus.Active, cancellationToken: Cancel).ToListAsync(Cancel);
        await finx.DeleteConnectionAsync(link.ConnectionId, Cancel);
        await finx.DeleteConnectionAsync(link.ConnectionId, Cancel);
        var gone = await Assert.ThrowsAsync<NotFoundException>(() => finx.GetTokenAsync(link.ConnectionId, cancellationToken: Cancel));

        Assert.Equal(link.Location.Reveal(), again.Location.Reveal());
        Assert.Equal(ConnectionStatus.Pending, pending.Status);
        Assert.Equal("connected", returned.Returned()["status"]);
        Assert.Equal((ConnectionStatus.Active, 1), (active.Status, active.Generation));
        Assert.Equal((1, 2), (token.Generation, next.Generation));
        Assert.NotEqual(token.AccessToken.Reveal(), next.AccessToken.Reveal());
        Assert.Equal(account, one.RootElement.GetProperty("account_id").GetString());
        Assert.NotEqual(JsonValueKind.Undefined, all.RootElement.GetProperty("transactions").ValueKind);
        Assert.Equal(3, some.RootElement.GetProperty("transactions").GetArrayLength());
        Assert.Equal(link.ConnectionId, Assert.Single(listed).ConnectionId);
        Assert.Equal(("unknown_connection", 404), (gone.Code, gone.Status));
        Assert.Matches("^[0-9a-f]{32}$", gone.TraceId);
    }

    [Fact]
    public async Task A_flow_bound_to_its_browser_is_confirmed()
    {
        await using var app = await App.StartAsync();
        await using var services = Services(app.OpenHandler);
        var finx = services.GetRequiredService<FinxFunctionsClient>();
        var link = await finx.CreateLinkAsync(new LinkRequest("user-1", ReturnUri) { CodeChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" }, cancellationToken: Cancel);
        using var returned = await app.VisitAsync(app.Sandbox.Finish(link.FlowId, WidgetOutcome.Success)!);

        var wrong = await Assert.ThrowsAsync<InvalidRequestException>(() => finx.ConfirmLinkAsync(link.ConnectionId, new Secret("another"), Cancel));
        await finx.ConfirmLinkAsync(link.ConnectionId, new Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), Cancel);

        Assert.Equal(["code_verifier"], wrong.Errors.Keys);
        Assert.Equal(ConnectionStatus.Active, (await finx.GetConnectionAsync(link.ConnectionId, Cancel)).Status);
    }

    [Fact]
    public async Task Every_page_of_connections_is_fetched()
    {
        await using var app = await App.StartAsync();
        await using var services = Services(app.OpenHandler);
        var finx = services.GetRequiredService<FinxFunctionsClient>();
        List<string> ids = [];
        for (var number = 0; number < 5; number++)
        {
            ids.Add((await app.CreateLinkAsync()).Text("connection_id"));
        }

        var listed = await finx.ListConnectionsAsync(pageSize: 2, cancellationToken: Cancel).ToListAsync(Cancel);

        Assert.Equal(ids.Order(StringComparer.Ordinal), listed.Select(connection => connection.ConnectionId));
    }

    [Fact]
    public async Task The_readmes_snippet_works()
    {
        await using var app = await App.StartAsync();
        await using var services = Services(app.OpenHandler);
        var finx = services.GetRequiredService<FinxFunctionsClient>();

        Assert.Equal(0, await Readme.CountAccountsAsync(finx, "state", "first", _ => Task.CompletedTask, Cancel));
        Assert.Equal(3, await Readme.CountAccountsAsync(
            finx,
            "state",
            "second",
            async link => (await app.VisitAsync(app.Sandbox.Finish(link.FlowId, WidgetOutcome.Success)!)).Dispose(),
            Cancel));
    }

    [Fact]
    public async Task Each_problem_is_an_exception_with_all_that_it_says()
    {
        await using var app = await App.StartAsync();
        await using var services = Services(app.OpenHandler);
        var finx = services.GetRequiredService<FinxFunctionsClient>();
        var link = await finx.CreateLinkAsync(new LinkRequest("user-1", ReturnUri), "key", Cancel);

        var reconsent = await Assert.ThrowsAsync<NeedsReconsentException>(() => finx.GetAccountsAsync(link.ConnectionId, cancellationToken: Cancel));
        var conflict = await Assert.ThrowsAsync<IdempotencyConflictException>(() => finx.CreateLinkAsync(new LinkRequest("user-2", ReturnUri), "key", Cancel));
        var invalid = await Assert.ThrowsAsync<InvalidRequestException>(() => finx.CreateLinkAsync(new LinkRequest("", new Uri("https://evil.test/")), cancellationToken: Cancel));
        app.Sandbox.Faults.Add(new() { Kind = FaultKind.Throttle, Operation = "links.create", RetryAfter = TimeSpan.FromSeconds(17) });
        var unavailable = await Assert.ThrowsAsync<UnavailableException>(() => finx.CreateLinkAsync(new LinkRequest("user-2", ReturnUri), cancellationToken: Cancel));

        Assert.Equal("not_connected", reconsent.Reason);
        Assert.Equal(422, conflict.Status);
        Assert.Equal(["return_uri", "user_id"], invalid.Errors.Keys.Order());
        Assert.Equal(("finx_unavailable", TimeSpan.FromSeconds(17)), (unavailable.Code, unavailable.RetryAfter));
        Assert.Equal(2, app.Calls("links.create").Count);
    }

    [Fact]
    public async Task A_wrong_key_is_refused_by_name()
    {
        await using var app = await App.StartAsync(new() { ["FunctionKey"] = "key" });
        await using var services = Services(app.OpenHandler, options => options.FunctionKey = "another");

        var refused = await Assert.ThrowsAsync<CallerRefusedException>(() => services.GetRequiredService<FinxFunctionsClient>().GetConnectionAsync("x", Cancel));

        Assert.Equal(("unauthorized", 401), (refused.Code, refused.Status));
    }

    [Theory]
    [InlineData(503)]
    [InlineData(502)]
    [InlineData(0)]
    public async Task A_read_that_meets_a_passing_failure_is_repeated_and_nothing_else_is(int status)
    {
        var script = new Script(request => status is 0 ? throw new HttpRequestException("The line is dead.") : Answer(status));
        await using var services = Services(() => script);
        var finx = services.GetRequiredService<FinxFunctionsClient>();

        await Assert.ThrowsAnyAsync<FinxFunctionsException>(() => finx.GetTokenAsync("x", cancellationToken: Cancel));
        await Assert.ThrowsAnyAsync<FinxFunctionsException>(() => finx.CreateLinkAsync(new LinkRequest("u", ReturnUri), cancellationToken: Cancel));
        await Assert.ThrowsAnyAsync<FinxFunctionsException>(() => finx.DeleteConnectionAsync("x", Cancel));
        var others = script.Requests.Count;
        await Assert.ThrowsAnyAsync<FinxFunctionsException>(() => finx.GetConnectionAsync("x", Cancel));

        Assert.Equal((3, 3), (others, script.Requests.Count - others));
    }

    [Fact]
    public async Task A_credential_vouches_for_the_caller_and_the_key_comes_along()
    {
        var script = new Script(_ => Answer(404));
        await using var services = Services(() => script, options => (options.FunctionKey, options.Credential, options.Scope) = ("key", new Fixed(), "api://finx-functions/.default"));

        await Assert.ThrowsAnyAsync<FinxFunctionsException>(() => services.GetRequiredService<FinxFunctionsClient>().GetConnectionAsync("../../x?y", Cancel));

        Assert.Equal("GET https://finx-functions.test/api/connections/..%2F..%2Fx%3Fy key Bearer api://finx-functions/.default", Assert.Single(script.Requests));
    }

    [Fact]
    public async Task A_caller_that_gives_up_gets_a_cancellation()
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var script = new Script(_ =>
        {
            giveUp.Cancel();
            giveUp.Token.ThrowIfCancellationRequested();
            return Answer(500);
        });
        await using var services = Services(() => script);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => services.GetRequiredService<FinxFunctionsClient>().GetTokenAsync("x", cancellationToken: giveUp.Token));
    }

    [Fact]
    public async Task An_answer_that_is_not_the_services_is_no_problem_of_its()
    {
        var script = new Script(_ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("<html>") });
        await using var services = Services(() => script);

        var unexpected = await Assert.ThrowsAsync<FinxFunctionsException>(() => services.GetRequiredService<FinxFunctionsClient>().GetTokenAsync("x", cancellationToken: Cancel));

        Assert.Equal(("unexpected_answer", 200), (unexpected.Code, unexpected.Status));
    }

    [Fact]
    public void Tokens_and_locations_do_not_print_themselves()
    {
        var token = new IssuedToken(new Secret("s3cret"), "Bearer", 60, DateTimeOffset.UnixEpoch, null, 1);
        var link = new CreatedLink("c", "f", new Secret("https://widget.test/s3cret"), DateTimeOffset.UnixEpoch);

        Assert.All([token.ToString(), link.ToString(), JsonSerializer.Serialize(token), JsonSerializer.Serialize(link)], text => Assert.DoesNotContain("s3cret", text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, false, false)]
    [InlineData("/relative", false, false)]
    [InlineData("http://finx-functions.test/", false, false)]
    [InlineData("https://finx-functions.test/", true, false)]
    [InlineData("https://finx-functions.test/", false, true)]
    public void Options_that_cannot_work_are_refused(string? address, bool hasCredential, bool hasScope)
    {
        using var services = Services(
            () => new Script(_ => Answer(500)),
            options => (options.BaseAddress, options.Credential, options.Scope) = (address is null ? null : new Uri(address, UriKind.RelativeOrAbsolute), hasCredential ? new Fixed() : null, hasScope ? "x" : null));

        Assert.Throws<OptionsValidationException>(services.GetRequiredService<FinxFunctionsClient>);
    }

    private static ServiceProvider Services(Func<HttpMessageHandler> handler, Action<FinxFunctionsOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services
            .AddFinxFunctionsClient(options =>
            {
                options.BaseAddress = new Uri("https://finx-functions.test/");
                configure?.Invoke(options);
            })
            .ConfigurePrimaryHttpMessageHandler(handler);
        return services.BuildServiceProvider();
    }

    private static async Task<JsonDocument> ReadAsync(Task<Stream> data)
    {
        await using var stream = await data;
        return await JsonDocument.ParseAsync(stream, cancellationToken: Cancel);
    }

    private static HttpResponseMessage Answer(int status)
    {
        var answer = new HttpResponseMessage((HttpStatusCode)status);
        answer.Headers.Add("Retry-After", "0");
        return answer;
    }

    /// <summary>The second snippet of the README's "From .NET", except that the user returns at once.</summary>
    private static class Readme
    {
        public static async Task<int> CountAccountsAsync(FinxFunctionsClient finx, string state, string idempotencyKey, Func<CreatedLink, Task> send, CancellationToken cancellationToken)
        {
            var link = await finx.CreateLinkAsync(new LinkRequest("user-1", ReturnUri) { State = state }, idempotencyKey, cancellationToken);
            await send(link);
            try
            {
                await using var stream = await finx.GetAccountsAsync(link.ConnectionId, cancellationToken: cancellationToken);
                using var accounts = await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken);
                return accounts.RootElement.GetProperty("accounts").GetArrayLength();
            }
            catch (NeedsReconsentException)
            {
                return 0;
            }
        }
    }

    private sealed class Script(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        public List<string> Requests { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var keys = request.Headers.TryGetValues("x-functions-key", out var values) ? string.Join(',', values) : "-";
            Requests.Add($"{request.Method} {request.RequestUri!.AbsoluteUri} {keys} {request.Headers.Authorization}");
            return Task.FromResult(answer(request));
        }
    }

    private sealed class Fixed : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(string.Join(' ', requestContext.Scopes), DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
    }
}
