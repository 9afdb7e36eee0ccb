using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using FinxFunctions.Tests.Finx;
using FinxFunctions.Tests.Running;
using Microsoft.Extensions.Logging;
using SlowMachine = FinxFunctions.Tests.Faults.Proof.SlowMachine;

namespace FinxFunctions.Tests.Accounts;

/// <summary>finX's faults while it is read: they are finX's for the caller and in the log, hold nobody without end, and none passes as a whole answer.</summary>
public sealed class DataFaultTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("40", "40")]
    [InlineData("99999999999", "3600")]
    [InlineData("-1", "5")]
    public async Task A_long_retry_after_is_passed_on_at_once(string asked, string passed)
    {
        await using var finx = new RawFinx(call => call.WriteAsync(RawFinx.Json("{}", 429, $"Retry-After: {asked}\r\n")));
        await using var scene = await Scene.StartAsync(finx);
        var waited = Stopwatch.StartNew();

        using var response = await scene.GetAsync();

        await response.ProblemAsync(503, "finx_unavailable");
        Assert.Equal(passed, response.Headers.GetValues("Retry-After").Single());
        Assert.True(waited.Elapsed < TimeSpan.FromSeconds(35), $"{waited.Elapsed}");
    }

    [Fact]
    public async Task A_long_retry_after_of_a_link_is_passed_on()
    {
        await using var finx = new RawFinx(call => call.WriteAsync(RawFinx.Json("{}", 503, "Retry-After: 40\r\n")));
        await using var scene = await Scene.StartAsync(finx);

        using var response = await scene.App.Http.PostAsync("/api/links", new StringContent($$"""{"user_id":"u","return_uri":"{{World.ReturnUri}}"}""", Encoding.UTF8, "application/json"), Cancel);

        await response.ProblemAsync(503, "finx_unavailable");
        Assert.Equal("40", response.Headers.GetValues("Retry-After").Single());
    }

    [Theory]
    [InlineData("HTTP/1.1 500 No\r\nContent-Length: 100\r\n\r\n{", 502)]
    [InlineData("HTTP/1.1 400 No\r\nContent-Length: 100\r\n\r\n{", 400)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", 503)]
    public Task A_body_that_stalls_holds_nobody_without_end(string sent, int status) => SlowMachine.RepeatAsync(async factor =>
    {
        await using var finx = new RawFinx(async call =>
        {
            await call.WriteAsync(sent);
            await call.StallAsync();
        });
        await using var scene = await Scene.StartAsync(finx, ("Finx:DataTimeout", TimeSpan.FromSeconds(factor).ToString()));

        using var response = await scene.GetAsync();

        Assert.Equal(status, (int)response.StatusCode);
        scene.AssertNoStack();
    });

    [Fact]
    public async Task A_long_body_that_makes_progress_goes_on_past_the_time_out()
    {
        await using var finx = new RawFinx(async call =>
        {
            await call.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n");
            for (var part = 0; part < 12; part++)
            {
                await call.WriteAsync("x");
                await Task.Delay(TimeSpan.FromMilliseconds(250), call.Stopped);
            }
        });
        await using var scene = await Scene.StartAsync(finx, ("Finx:DataTimeout", "00:00:02"));

        using var response = await scene.GetAsync();

        Assert.Equal(12, (await response.Content.ReadAsByteArrayAsync(Cancel)).Length);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX-\u00fc: 1\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("")]
    public async Task A_fault_before_the_first_byte_is_finXs(string sent)
    {
        await using var finx = new RawFinx(call => call.CloseAsync(sent));
        await using var scene = await Scene.StartAsync(finx);

        using var response = await scene.GetAsync();

        await response.ProblemAsync(503, "finx_unavailable");
        scene.AssertNoStack();
    }

    [Theory]
    [InlineData("filename=\"Ums\u00e4tze.json\"")]
    [InlineData("a\u0001b")]
    public async Task A_header_that_cannot_be_sent_again_is_left_out(string value)
    {
        await using var finx = new RawFinx(call => call.WriteAsync(RawFinx.Json("{}", 200, $"Content-Disposition: {value}\r\nETag: \"7\"\r\n")));
        await using var scene = await Scene.StartAsync(finx);

        using var response = await scene.GetAsync();

        Assert.Equal("{}", await response.Content.ReadAsStringAsync(Cancel));
        Assert.Null(response.Content.Headers.ContentDisposition);
        Assert.Equal("\"7\"", response.Headers.ETag?.Tag);
    }

    [Fact]
    public async Task A_cut_gzip_does_not_look_complete()
    {
        var packed = Gzip(new Random(1));
        await using var finx = new RawFinx(async call =>
        {
            await call.WriteAsync($"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {packed.Length - 9}\r\n\r\n");
            await call.WriteAsync(packed[..^9]);
        });
        await using var scene = await Scene.StartAsync(finx);

        using var response = await scene.GetAsync();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => response.Content.ReadAsByteArrayAsync(Cancel));
        Assert.Contains(scene.App.Logs.GetSnapshot(), line => line is { Id.Id: 80, Level: LogLevel.Warning });
        scene.AssertNoStack();
    }

    [Fact]
    public async Task A_deployments_page_is_not_a_missing_account()
    {
        await using var finx = new RawFinx(call => call.WriteAsync(RawFinx.Json("<html>404</html>", 404)));
        await using var scene = await Scene.StartAsync(finx);

        using var response = await scene.GetAsync();

        await response.ProblemAsync(502, "finx_unavailable");
    }

    private static byte[] Gzip(Random random)
    {
        var data = new byte[500_000];
        random.NextBytes(data);
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(data);
        }

        return packed.ToArray();
    }

    /// <summary>A connection that was made with the sandbox, and an instance of the app that reads from another finX.</summary>
    private sealed class Scene(App connected, App app, string connectionId) : IAsyncDisposable
    {
        public App App { get; } = app;

        public static async Task<Scene> StartAsync(RawFinx finx, params (string Name, string Value)[] settings)
        {
            var connected = await App.StartAsync();
            var id = await connected.ConnectAsync();
            Dictionary<string, string?> all = new() { ["Finx:BaseAddress"] = finx.Address };
            foreach (var (name, value) in settings)
            {
                all[name] = value;
            }

            return new Scene(connected, await connected.StartTwinAsync(all, onWire: true), id);
        }

        public Task<HttpResponseMessage> GetAsync() => App.Http.GetAsync($"/api/connections/{connectionId}/accounts", HttpCompletionOption.ResponseHeadersRead, Cancel);

        public void AssertNoStack() => Assert.DoesNotContain(App.Logs.GetSnapshot(), line => line.Level >= LogLevel.Error);

        public async ValueTask DisposeAsync()
        {
            await App.DisposeAsync();
            await connected.DisposeAsync();
        }
    }
}
