using FinxFunctions.StandIns;

namespace FinxFunctions.Benchmarks.InMemory;

/// <summary>A line on which nothing goes wrong, and every call takes as long as its service is said to take.</summary>
internal sealed class DelayedNetwork(TimeProvider time, TimeSpan tables, TimeSpan vault, TimeSpan finx) : Network
{
    private readonly DirectNetwork _direct = new();

    /// <summary>Tables in 4 ms, vault in 12 ms, finX in 100 ms.</summary>
    public static DelayedNetwork Distant(TimeProvider time) => new(time, TimeSpan.FromMilliseconds(4), TimeSpan.FromMilliseconds(12), TimeSpan.FromMilliseconds(100));

    /// <summary>Whether finX answers nobody; its callers then get 503 at once.</summary>
    public bool IsFinxDown { get; set; }

    /// <summary>Whether nothing takes time.</summary>
    public bool IsInstant { get; set; }

    /// <summary>Called with each call, when it is sent.</summary>
    public Action<ServiceCall>? Sent { get; set; }

    public override Task<T> CallAsync<T>(ServiceCall call, Func<T> act)
    {
        Sent?.Invoke(call);
        var delay = call.Service is Service.Vault ? vault : tables;
        return IsInstant || delay == TimeSpan.Zero ? _direct.CallAsync(call, act) : LaterAsync(delay, () => _direct.CallAsync(call, act));
    }

    public override Task<HttpResponseMessage> ExchangeAsync(ServiceCall call, Func<HttpResponseMessage> act, Action arrived, CancellationToken cancellationToken)
    {
        Sent?.Invoke(call);
        if (IsFinxDown)
            return Task.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.ServiceUnavailable));
        return LaterAsync(IsInstant ? TimeSpan.Zero : finx, () => _direct.ExchangeAsync(call, act, arrived, cancellationToken));
    }

    // Goes on where the delay ends, outside of any task: what clients await without their context then stays on virtual time's one thread.
    private async Task<T> LaterAsync<T>(TimeSpan delay, Func<Task<T>> act)
    {
        if (delay > TimeSpan.Zero)
            await Task.Delay(delay, time).ConfigureAwait(false);
        return await act().ConfigureAwait(false);
    }
}
