using Finx.Tokens;
using Microsoft.Extensions.Logging.Testing;

namespace FinxFunctions.Simulation.Tests.Tokens;

public sealed class InFlightTests
{
    private readonly FakeLogger<InFlight> _logger = new();
    private readonly InFlight _inFlight;

    public InFlightTests() => _inFlight = new InFlight(_logger);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_shutdown_waits_for_what_is_under_way()
    {
        var (one, other) = (new TaskCompletionSource<int>(), new TaskCompletionSource());
        var work = _inFlight.Run(() => one.Task);
        _inFlight.Tidy(() => other.Task);
        await _inFlight.StartAsync(Cancel);

        var stopping = _inFlight.StopAsync(Cancel);
        one.SetResult(7);
        Assert.Equal(7, await work);
        Assert.False(stopping.IsCompleted);
        other.SetResult();

        await stopping.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
    }

    [Fact]
    public async Task A_shutdown_waits_no_longer_than_it_may()
    {
        var never = new TaskCompletionSource<int>();
        _ = _inFlight.Run(() => never.Task);
        using var patience = new CancellationTokenSource();

        var stopping = _inFlight.StopAsync(patience.Token);
        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopping.WaitAsync(TimeSpan.FromSeconds(10), Cancel));
    }

    [Fact]
    public async Task What_failed_keeps_no_shutdown_waiting()
    {
        var work = _inFlight.Run<int>(() => throw new InvalidOperationException("Broken."));

        await Assert.ThrowsAsync<InvalidOperationException>(() => work);
        await _inFlight.StopAsync(Cancel).WaitAsync(TimeSpan.FromSeconds(10), Cancel);
    }

    [Fact]
    public async Task What_could_not_be_put_in_order_is_logged_and_left()
    {
        _inFlight.Tidy(() => throw new InvalidOperationException("Broken."));

        await _inFlight.StopAsync(Cancel);
        Assert.Equal("Broken.", Assert.Single(_logger.Collector.GetSnapshot()).Exception!.Message);
    }
}
