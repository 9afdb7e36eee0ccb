using System.Collections.Concurrent;
using FinxFunctions.Tests.Faults.Proof;

namespace FinxFunctions.Tests.Faults.Interleavings;

/// <summary>Makes the faults of a history happen, in the proxy.</summary>
internal sealed class FaultInjector
{
    private readonly History _history;
    private readonly IReadOnlyList<HostProcess> _hosts;
    private readonly Proxy _proxy;
    private readonly double _factor;
    private readonly ConcurrentDictionary<CallSite, int> _counts = [];
    private readonly ConcurrentDictionary<ProxiedCall, CallFault[]> _known = [];
    private readonly ConcurrentBag<Task> _thaws = [];

    /// <param name="factor">By how much all times are multiplied.</param>
    public FaultInjector(History history, IReadOnlyList<HostProcess> hosts, Proxy proxy, double factor)
    {
        (_history, _hosts, _proxy, _factor) = (history, hosts, proxy, factor);
        proxy.Arriving = ArriveAsync;
        proxy.Leaving = LeaveAsync;
    }

    /// <summary>How many faults happened.</summary>
    public int Happened => _known.Values.Sum(faults => faults.Length);

    /// <summary>The most calls of finX that a host may have given up because of a fault.</summary>
    public int Delays => _known.Sum(known => known.Value.Sum(fault => fault.Kind is FaultKind.Freeze ? History.Connections : known.Key.IsTokenCall ? 1 : 0));

    /// <summary>Lets everything pass again. Waits until all hosts run.</summary>
    public async Task StopAsync()
    {
        (_proxy.Arriving, _proxy.Leaving) = (null, null);
        await Task.WhenAll(_thaws);
    }

    private async Task<bool> ArriveAsync(ProxiedCall call)
    {
        foreach (var fault in _known.GetOrAdd(call, FaultsOf))
        {
            if (fault.Kind is FaultKind.Freeze && _hosts.FirstOrDefault(host => host.Id == call.Process) is { } host)
                Freeze(host, fault.Time * _factor);
            else if (fault.Kind is FaultKind.ArrivesLate)
                await Task.Delay(fault.Time * _factor);
        }

        return true;
    }

    private async Task<bool> LeaveAsync(ProxiedCall call)
    {
        foreach (var fault in _known.GetValueOrDefault(call, []).Where(fault => fault.Kind is FaultKind.AnsweredLate))
            await Task.Delay(fault.Time * _factor);
        return true;
    }

    private CallFault[] FaultsOf(ProxiedCall call)
    {
        var site = call.SiteOf();
        var nth = _counts.AddOrUpdate(site, 1, (_, count) => count + 1);
        return [.. _history.Faults.Where(fault => fault.Site == site && fault.Nth == nth)];
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
