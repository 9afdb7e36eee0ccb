using System.Collections.Concurrent;
using FinxFunctions.Tests.Faults.Proof;

namespace FinxFunctions.Tests.Faults.Interleavings;

/// <summary>Sits in the proxy and sees to it that a history's disturbances happen.</summary>
internal sealed class FaultInjector
{
    private readonly History _history;
    private readonly IReadOnlyList<HostProcess> _hosts;
    private readonly Proxy _proxy;
    private readonly ConcurrentDictionary<CallSite, int> _counts = [];
    private readonly ConcurrentDictionary<ProxiedCall, CallFault[]> _known = [];
    private readonly ConcurrentBag<Task> _thaws = [];

    public FaultInjector(History history, IReadOnlyList<HostProcess> hosts, Proxy proxy)
    {
        (_history, _hosts, _proxy) = (history, hosts, proxy);
        proxy.Arriving = ArriveAsync;
        proxy.Leaving = LeaveAsync;
    }

    /// <summary>The disturbances that came to pass.</summary>
    public int Happened => _known.Values.Sum(disturbances => disturbances.Length);

    /// <summary>Lets everything pass, once no host stands still any more.</summary>
    public async Task StopAsync()
    {
        (_proxy.Arriving, _proxy.Leaving) = (null, null);
        await Task.WhenAll(_thaws);
    }

    private async Task<bool> ArriveAsync(ProxiedCall call)
    {
        foreach (var disturbance in _known.GetOrAdd(call, DisturbancesOf))
        {
            if (disturbance.Harm is FaultKind.Freeze && _hosts.FirstOrDefault(host => host.Id == call.Process) is { } host)
                Freeze(host, disturbance.Time);
            else if (disturbance.Harm is FaultKind.ArrivesLate)
                await Task.Delay(disturbance.Time);
        }

        return true;
    }

    private async Task<bool> LeaveAsync(ProxiedCall call)
    {
        foreach (var disturbance in _known.GetValueOrDefault(call, []).Where(disturbance => disturbance.Harm is FaultKind.AnsweredLate))
            await Task.Delay(disturbance.Time);
        return true;
    }

    private CallFault[] DisturbancesOf(ProxiedCall call)
    {
        var place = call.PlaceOf();
        var nth = _counts.AddOrUpdate(place, 1, (_, count) => count + 1);
        return [.. _history.Disturbances.Where(disturbance => disturbance.Place == place && disturbance.Nth == nth)];
    }

    private void Freeze(HostProcess host, TimeSpan time)
    {
        host.Stop();
        _thaws.Add(ThawAsync());

        async Task ThawAsync()
        {
            await Task.Delay(time);
            host.Continue();
        }
    }
}
