using System.IO.Compression;
using System.Text;
using FinxFunctions.Tests.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace FinxFunctions.Tests.Accounts;

/// <summary>How finX's answer is forwarded. The finX of these tests answers in ways that the sandbox does not.</summary>
public class StreamingTests
{
    private const int Chunk = 256 * 1024;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_long_answer_starts_to_arrive_before_finX_has_finished_it()
    {
        var hasBegun = new TaskCompletionSource();
        await using var scene = await Scene.StartAsync(async context =>
        {
            await context.Response.Body.WriteAsync(new byte[Chunk], context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await hasBegun.Task;
            await context.Response.Body.WriteAsync(new byte[Chunk], context.RequestAborted);
        });

        using var response = await scene.GetAsync();
        await using var body = await response.Content.ReadAsStreamAsync(Cancel);
        await body.ReadExactlyAsync(new byte[Chunk], Cancel).AsTask().WaitAsync(TimeSpan.FromMinutes(2), Cancel);
        hasBegun.SetResult();
        var rest = new MemoryStream();
        await body.CopyToAsync(rest, Cancel);

        Assert.Equal(Chunk, rest.Length);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_does_not_look_complete()
    {
        var hasBegun = new TaskCompletionSource();
        await using var scene = await Scene.StartAsync(async context =>
        {
            await context.Response.Body.WriteAsync(new byte[Chunk], context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await hasBegun.Task;
            context.Abort();
        });

        using var response = await scene.GetAsync();
        await using var body = await response.Content.ReadAsStreamAsync(Cancel);
        await body.ReadExactlyAsync(new byte[Chunk], Cancel);
        hasBegun.SetResult();

        await Assert.ThrowsAnyAsync<IOException>(async () => await body.CopyToAsync(Stream.Null, Cancel));
    }

    [Fact]
    public async Task Headers_that_describe_the_body_are_forwarded_and_headers_of_the_transport_are_not()
    {
        await using var scene = await Scene.StartAsync(context =>
        {
            var headers = context.Response.Headers;
            headers.ContentType = "application/json; charset=utf-8";
            headers.ETag = "\"7\"";
            headers.Link = "<https://finx.test/next>; rel=next";
            headers.Connection = "X-Hop";
            headers["X-Hop"] = "1";
            headers["Proxy-Authenticate"] = "Basic";
            headers.SetCookie = "session=1";
            headers.Server = "finx";
            headers.StrictTransportSecurity = "max-age=1";
            headers.CacheControl = "public, max-age=600";
            headers["X-Internal"] = "1";
            return context.Response.WriteAsync("{}", context.RequestAborted);
        });

        using var response = await scene.GetAsync();

        string[] names = [.. response.Headers.Concat(response.Content.Headers).Select(header => header.Key)];
        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("\"7\"", response.Headers.ETag?.Tag);
        Assert.Contains("Link", names);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        foreach (var dropped in new[] { "X-Hop", "Proxy-Authenticate", "Set-Cookie", "Strict-Transport-Security", "X-Internal" })
        {
            Assert.DoesNotContain(dropped, names);
        }
    }

    [Fact]
    public async Task Of_the_callers_headers_only_the_language_reaches_finX()
    {
        IHeaderDictionary? seen = null;
        await using var scene = await Scene.StartAsync(context =>
        {
            seen = new HeaderDictionary(context.Request.Headers.ToDictionary());
            return context.Response.WriteAsync("{}", context.RequestAborted);
        });

        using var request = new HttpRequestMessage(HttpMethod.Get, scene.Path);
        request.Headers.TryAddWithoutValidation("Accept-Language", "fr;q=0.9");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer mine");
        request.Headers.TryAddWithoutValidation("Cookie", "a=b");
        request.Headers.TryAddWithoutValidation("x-functions-key", "key");
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", "1.2.3.4");
        using var response = await scene.OtherProcess.Http.SendAsync(request, Cancel);
        var token = await scene.OtherProcess.GetTokenAsync(scene.ConnectionId);

        Assert.Equal("fr;q=0.9", seen!.AcceptLanguage);
        Assert.Equal($"Bearer {token.Text("access_token")}", seen.Authorization);
        Assert.False(seen.ContainsKey("Cookie"));
        Assert.False(seen.ContainsKey("x-functions-key"));
        Assert.False(seen.ContainsKey("X-Forwarded-For"));
    }

    [Fact]
    public async Task A_compressed_answer_arrives_decompressed()
    {
        await using var scene = await Scene.StartAsync(async context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            context.Response.ContentType = "application/json";
            await using var gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
            await gzip.WriteAsync(Encoding.UTF8.GetBytes("""{"accounts":[]}"""), context.RequestAborted);
        });

        using var response = await scene.GetAsync();

        Assert.Equal("""{"accounts":[]}""", await response.Content.ReadAsStringAsync(Cancel));
        Assert.Empty(response.Content.Headers.ContentEncoding);
    }

    /// <summary>A connection that was made with the sandbox, and an instance of the app whose data comes from another finX.</summary>
    private sealed class Scene(App app, WebApplication finx, App other, string connectionId) : IAsyncDisposable
    {
        public App OtherProcess { get; } = other;

        public string ConnectionId { get; } = connectionId;

        public string Path => $"/api/connections/{ConnectionId}/accounts";

        public static async Task<Scene> StartAsync(RequestDelegate answer)
        {
            var app = await App.StartAsync();
            var connectionId = await app.ConnectAsync();
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
            var finx = builder.Build();
            finx.Run(answer);
            await finx.StartAsync(Cancel);
            var other = await app.StartTwinAsync(new() { ["Finx:BaseAddress"] = finx.Urls.Single() }, onWire: true);
            return new Scene(app, finx, other, connectionId);
        }

        public Task<HttpResponseMessage> GetAsync() => OtherProcess.Http.GetAsync(Path, HttpCompletionOption.ResponseHeadersRead, Cancel);

        public async ValueTask DisposeAsync()
        {
            await OtherProcess.DisposeAsync();
            await finx.DisposeAsync();
            await app.DisposeAsync();
        }
    }
}
