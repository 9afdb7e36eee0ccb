using System.Net;
using System.Text.Json.Nodes;
using FinxFunctions.Tests.Authorization;
using FinxFunctions.Tests.Leaks;
using FinxFunctions.Tests.Running;

namespace FinxFunctions.Tests.Links;

/// <summary>A request that is repeated with its Idempotency-Key gets the first answer again.</summary>
public class IdempotencyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_request_gets_the_same_answer_and_finX_is_asked_once()
    {
        await using var app = await App.StartAsync();

        using var first = await PostAsync(app, "key", Body());
        using var second = await PostAsync(app, "key", Body());

        Assert.Equal(
            (await first.JsonAsync(HttpStatusCode.Created)).ToJsonString(),
            (await second.JsonAsync(HttpStatusCode.Created)).ToJsonString());
        Assert.True(second.Headers.CacheControl?.NoStore);
        Assert.Single(app.Calls("links.create"));
        Assert.Single(await app.IndexedAsync());
        app.AssertQuiet();
    }

    [Fact]
    public async Task Fields_in_another_order_are_the_same_request()
    {
        await using var app = await App.StartAsync();
        var turned = new JsonObject([.. Body().Reverse().Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone()))]);

        using var first = await PostAsync(app, "key", Body());
        using var second = await PostAsync(app, "key", turned);

        Assert.Equal((await first.JsonAsync(HttpStatusCode.Created)).Text("location"), (await second.JsonAsync(HttpStatusCode.Created)).Text("location"));
    }

    [Fact]
    public async Task Ten_at_once_on_two_instances_get_one_link()
    {
        await using var app = await App.StartAsync();
        await using var other = await app.StartTwinAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(number => PostAsync(number % 2 == 0 ? app : other, "key", Body())));
        var links = await Task.WhenAll(answers.Select(answer => answer.JsonAsync(HttpStatusCode.Created)));

        Assert.Single(links.Select(link => link.ToJsonString()).Distinct());
        Assert.Single(await app.RowsAsync("connections"), row => row.RowKey.StartsWith("link-", StringComparison.Ordinal));
        Assert.Single(await app.IndexedAsync());
        using var returned = await app.VisitAsync(app.Finish(links[0]));
        Assert.Equal("connected", returned.Returned()["status"]);
    }

    [Theory]
    [InlineData("user_id", "somebody-else")]
    [InlineData("return_uri", World.ReturnUri + "/elsewhere")]
    [InlineData("state", "another")]
    [InlineData("language", "en")]
    [InlineData("mode", "popup")]
    [InlineData("tracking_id", "t")]
    [InlineData("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")]
    public async Task Another_request_with_the_same_key_is_refused(string field, string value)
    {
        await using var app = await App.StartAsync();
        using var first = await PostAsync(app, "key", Body());
        var other = Body();
        other[field] = value;

        using var second = await PostAsync(app, "key", other);

        await second.ProblemAsync(422, "idempotency_conflict");
        Assert.Single(app.Calls("links.create"));
        Assert.Single(await app.IndexedAsync());
        app.AssertQuiet();
    }

    [Fact]
    public async Task When_the_link_is_over_the_key_is_too()
    {
        await using var app = await App.StartAsync();
        using var first = await PostAsync(app, "key", Body());
        app.Clock.Advance(TimeSpan.FromMinutes(61));

        using var second = await PostAsync(app, "key", Body());

        await second.ProblemAsync(422, "idempotency_conflict");
        Assert.Single(app.Calls("links.create"));
    }

    [Fact]
    public async Task Another_key_is_another_request_and_none_is_none()
    {
        await using var app = await App.StartAsync();

        HashSet<string> ids = [];
        foreach (var key in new[] { "key", "Key", "key2", null, null })
        {
            using var answer = await PostAsync(app, key, Body());
            ids.Add((await answer.JsonAsync(HttpStatusCode.Created)).Text("connection_id"));
        }

        Assert.Equal(5, ids.Count);
    }

    [Fact]
    public async Task Callers_do_not_share_keys()
    {
        await using var app = await App.StartAsync(new() { ["Callers:Mode"] = "Entra" });

        using var first = await PostAsync(app, "key", Body(), Principal.Of(Principal.First, "Links.Create"));
        using var second = await PostAsync(app, "key", Body(), Principal.Of(Principal.Second, "Links.Create"));

        Assert.NotEqual(
            (await first.JsonAsync(HttpStatusCode.Created)).Text("connection_id"),
            (await second.JsonAsync(HttpStatusCode.Created)).Text("connection_id"));
    }

    [Fact]
    public async Task A_renewal_is_repeated_too()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync(new() { ["user_id"] = "u" });
        var body = Body();
        body["connection_id"] = id;

        using var first = await PostAsync(app, "key", body);
        using var second = await PostAsync(app, "key", body);
        using var other = await PostAsync(app, "key", new() { ["user_id"] = "u", ["return_uri"] = World.ReturnUri, ["connection_id"] = id, ["state"] = "another" });

        Assert.Equal((await first.JsonAsync(HttpStatusCode.Created)).ToJsonString(), (await second.JsonAsync(HttpStatusCode.Created)).ToJsonString());
        await other.ProblemAsync(422, "idempotency_conflict");
        Assert.Equal(2, app.Calls("links.create").Count);
    }

    [Fact]
    public async Task The_key_of_a_new_connection_is_none_for_the_renewal_of_another()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync(new() { ["user_id"] = "u" });
        using var first = await PostAsync(app, "key", Body());
        var renewal = Body();
        renewal["connection_id"] = id;

        using var second = await PostAsync(app, "key", renewal);

        await second.ProblemAsync(422, "idempotency_conflict");
        Assert.Equal(2, app.Calls("links.create").Count);
    }

    [Fact]
    public async Task Ten_renewals_at_once_with_one_key_get_one_link()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync(new() { ["user_id"] = "u" });
        var body = Body();
        body["connection_id"] = id;

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => PostAsync(app, "key", (JsonObject)body.DeepClone())));
        var links = await Task.WhenAll(answers.Select(answer => answer.JsonAsync(HttpStatusCode.Created)));

        Assert.Single(links.Select(link => link.ToJsonString()).Distinct());
    }

    [Fact]
    public async Task A_request_that_failed_leaves_the_key_free()
    {
        await using var app = await App.StartAsync();
        app.Sandbox.Faults.Add(new() { Kind = FinxSandbox.Faults.FaultKind.ServerError, Operation = "links.create" });

        using var failed = await PostAsync(app, "key", Body());
        using var second = await PostAsync(app, "key", Body());

        await failed.ProblemAsync(502, "finx_unavailable");
        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("a\tb")]
    public async Task A_key_that_is_none_is_refused(string key)
    {
        await using var app = await App.StartAsync();

        using var answer = await PostAsync(app, key, Body());

        Assert.Equal(["Idempotency-Key"], (await answer.ProblemAsync(400, "invalid_request")).Fields());
        Assert.Empty(app.Sandbox.Journal.Entries);
    }

    [Fact]
    public async Task A_key_of_129_characters_or_two_keys_are_refused()
    {
        await using var app = await App.StartAsync();
        using var two = Request("a", Body());
        two.Headers.TryAddWithoutValidation("Idempotency-Key", "b");

        using var tooLong = await PostAsync(app, new string('x', 129), Body());
        using var twice = await app.Http.SendAsync(two, Cancel);
        using var longest = await PostAsync(app, new string('x', 128), Body());

        await tooLong.ProblemAsync(400, "invalid_request");
        await twice.ProblemAsync(400, "invalid_request");
        Assert.Equal(HttpStatusCode.Created, longest.StatusCode);
    }

    [Fact]
    public async Task Neither_the_key_nor_the_location_lies_in_the_tables()
    {
        await using var app = await App.StartAsync();

        using var answer = await PostAsync(app, "a-key-that-may-say-something", Body());
        var location = (await answer.JsonAsync(HttpStatusCode.Created)).Text("location");
        var rows = (await app.RowsAsync("connections")).InClear();

        Assert.DoesNotContain("a-key-that-may-say-something", rows, StringComparison.Ordinal);
        Assert.DoesNotContain(new Uri(location).Query, rows, StringComparison.Ordinal);
    }

    private static JsonObject Body() => new() { ["user_id"] = "u", ["return_uri"] = World.ReturnUri, ["state"] = "s" };

    private static Task<HttpResponseMessage> PostAsync(App app, string? key, JsonObject body, string? principal = null) => app.Http.SendAsync(Request(key, body, principal), Cancel);

    private static HttpRequestMessage Request(string? key, JsonObject body, string? principal = null)
    {
        var request = Principal.Request(HttpMethod.Post, "/api/links", principal, body);
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        return request;
    }
}
