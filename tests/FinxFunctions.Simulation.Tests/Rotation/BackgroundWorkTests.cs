using FinxFunctions.Rotation;
using Microsoft.Extensions.Logging.Testing;

namespace FinxFunctions.Simulation.Tests.Rotation;

public sealed class BackgroundWorkTests : IDisposable
{
    private readonly FakeLogger<BackgroundWork> _logger = new();
    private readonly BackgroundWork _background;

    public BackgroundWorkTests() => _background = new BackgroundWork(_logger);

    public void Dispose() => _background.Dispose();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_shutdown_waits_for_what_is_under_way()
    {
        var (one, other) = (new TaskCompletionSource<int>(), new TaskCompletionSource());
        var work = _background.RunAsync(() => one.Task);
        _background.Start(() => other.Task);
        await _background.StartAsync(Cancel);

        var stopping = _background.StopAsync(Cancel);
        one.SetResult(7);
        Assert.Equal(7, await work);
        Assert.False(stopping.IsCompleted);
        other.SetResult();

        await stopping.WaitAsync(TimeSpan.FromMinutes(5), Cancel);
    }

    // Whoever waits may go on inside the end of the very work that it waited for, before that work is no longer listed.
    [Fact]
    public async Task A_shutdown_that_begins_as_work_begins_ends_with_the_work()
    {
        for (var round = 0; round < 20_000; round++)
        {
            var end = new TaskCompletionSource();
            var starting = Task.Run(() => _background.Start(() => end.Task), Cancel);
            var stopping = Task.Run(() => _background.StopAsync(Cancel), Cancel);
            await starting;
            end.SetResult();

            await stopping.WaitAsync(TimeSpan.FromMinutes(1), Cancel);
        }
    }

    [Fact]
    public async Task A_shutdown_waits_no_longer_than_it_may()
    {
        var never = new TaskCompletionSource<int>();
        _ = _background.RunAsync(() => never.Task);
        using var limit = new CancellationTokenSource();

        var stopping = _background.StopAsync(limit.Token);
        await limit.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopping.WaitAsync(TimeSpan.FromMinutes(5), Cancel));
    }

    [Fact]
    public async Task What_failed_does_not_delay_a_shutdown()
    {
        var work = _background.RunAsync<int>(() => throw new InvalidOperationException("Broken."));

        await Assert.ThrowsAsync<InvalidOperationException>(() => work);
        await _background.StopAsync(Cancel).WaitAsync(TimeSpan.FromMinutes(5), Cancel);
    }

    [Fact]
    public async Task What_could_not_be_put_in_order_is_logged_and_left()
    {
        _background.Start(() => throw new InvalidOperationException("Broken."));

        await _background.StopAsync(Cancel);
        Assert.Equal("Broken.", Assert.Single(_logger.Collector.GetSnapshot()).Exception!.Message);
    }
}
