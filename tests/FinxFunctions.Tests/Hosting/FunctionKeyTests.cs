using System.Net;
using FinxFunctions.DevHost.Triggers;
using FinxFunctions.Tests.Running;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Tests.Hosting;

public class FunctionKeyTests(FunctionKeyTests.KeyedApp keyed) : IClassFixture<FunctionKeyTests.KeyedApp>
{
    private const string Key = "the-key";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Guarded() => [.. Named(AuthorizationLevel.Function)];

    public static TheoryData<string> Open() => [.. Named(AuthorizationLevel.Anonymous)];

    [Theory, MemberData(nameof(Guarded))]
    public async Task A_function_refuses_callers_without_the_key(string function)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(function, null, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(function, "", null));
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(function, "The-Key", null));
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(function, "the-key ", Key[..^1]));
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(function, null, "wrong"));
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(function, "wrong", Key)); // the header goes first
        Assert.DoesNotContain(keyed.App.Sandbox.Journal.Entries, call => call.Service == "finx" && call.Operation != "unknown");
    }

    [Theory, MemberData(nameof(Guarded))]
    public async Task A_function_accepts_the_key_in_the_header_or_in_the_query(string function)
    {
        Assert.NotEqual(HttpStatusCode.Unauthorized, await CallAsync(function, Key, null));
        Assert.NotEqual(HttpStatusCode.Unauthorized, await CallAsync(function, null, Key));
    }

    [Theory, MemberData(nameof(Open))]
    public async Task The_callback_and_health_need_no_key(string function) =>
        Assert.NotEqual(HttpStatusCode.Unauthorized, await CallAsync(function, null, null));

    [Fact]
    public void Only_the_callback_health_and_the_document_are_open() => Assert.Equal(["Callback", "Health", "Live", "OpenApi"], Named(AuthorizationLevel.Anonymous).Order());

    [Fact]
    public async Task The_timer_is_run_on_request_with_the_key_only()
    {
        using var without = await keyed.App.Http.PostAsync("/admin/functions/RotateRefreshTokens", null, Cancel);
        using var with = await keyed.App.Http.PostAsync($"/admin/functions/RotateRefreshTokens?code={Key}", null, Cancel);
        using var unknown = await keyed.App.Http.PostAsync($"/admin/functions/Nothing?code={Key}", null, Cancel);

        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, with.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    private static IEnumerable<string> Named(AuthorizationLevel level) =>
        TriggeredFunctions.All<HttpTriggerAttribute>().Where(function => function.Trigger.AuthLevel == level).Select(function => function.Name);

    private async Task<HttpStatusCode> CallAsync(string name, string? header, string? query)
    {
        var trigger = TriggeredFunctions.All<HttpTriggerAttribute>().Single(function => function.Name == name).Trigger;
        var path = trigger.Route!.Replace("{id}", "00112233445566778899aabbccddeeff", StringComparison.Ordinal).Replace("{accountId}", "a", StringComparison.Ordinal);
        using var request = new HttpRequestMessage(new HttpMethod(trigger.Methods!.Single()), $"/api/{path}" + (query is null ? "" : $"?code={query}"));
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation("x-functions-key", header);
        }

        using var response = await keyed.App.Http.SendAsync(request, Cancel);
        return response.StatusCode;
    }

    /// <summary>An app that needs a key.</summary>
    public sealed class KeyedApp : IAsyncLifetime
    {
        public App App { get; private set; } = null!;

        public async ValueTask InitializeAsync() => App = await App.StartAsync(new() { ["FunctionKey"] = Key });

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }
}
