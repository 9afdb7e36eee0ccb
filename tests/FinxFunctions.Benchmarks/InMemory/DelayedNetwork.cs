using FinxFunctions.StandIns;

namespace FinxFunctions.Benchmarks.InMemory;

/// <summary>A network without faults on which every call takes a set time.</summary>
internal sealed class DelayedNetwork(TimeProvider time, TimeSpan tables, TimeSpan vault, TimeSpan finx) : Network
{
    private readonly DirectNetwork _direct = new();

    /// <summary>Tables in 4 ms, vault in 12 ms, finX in 100 ms.</summary>
    public static DelayedNetwork Distant(TimeProvider time) => new(time, TimeSpan.FromMilliseconds(4), TimeSpan.FromMilliseconds(12), TimeSpan.FromMilliseconds(100));

    /// <summary>Whether finX is down: its callers get 503 at once.</summary>
    public bool IsFinxDown { get; set; }

    /// <summary>Whether calls take no time.</summary>
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

    // Resumes outside of any task, so that code which awaits without its context stays on the one thread of the virtual time.
    private async Task<T> LaterAsync<T>(TimeSpan delay, Func<Task<T>> act)
    {
        if (delay > TimeSpan.Zero)
            await Task.Delay(delay, time).ConfigureAwait(false);
        return await act().ConfigureAwait(false);
    }
}
