using FinxFunctions.Tests.Faults.Proof;

namespace FinxFunctions.Tests.Faults.CrashPoints;

/// <summary>Kills a host at a point of its work, as seen from outside.</summary>
internal sealed class Crash
{
    private readonly CrashPoint _point;
    private readonly HostProcess _host;
    private readonly Proxy _proxy;
    private readonly TimeSpan _stillness;
    private volatile bool _isDead;

    /// <param name="factor">By how much the times of the world are multiplied.</param>
    public Crash(CrashPoint point, HostProcess host, Proxy proxy, double factor)
    {
        (_point, _host, _proxy, _stillness) = (point, host, proxy, TimeSpan.FromMilliseconds(120) * factor);
        proxy.Arriving = ArriveAsync;
        proxy.Leaving = LeaveAsync;
    }

    /// <summary>The call at which the host died; null while it lives.</summary>
    public ProxiedCall? At { get; private set; }

    /// <summary>Lets calls through again, for the next hosts.</summary>
    public void Clear() => (_proxy.Arriving, _proxy.Leaving) = (null, null);

    private async Task<bool> ArriveAsync(ProxiedCall call)
    {
        if (!_isDead && call.Number == _point.Call && _point.Moment is not CrashMoment.After)
        {
            if (_point.Moment is CrashMoment.Beside)
                await _proxy.QuietAsync(_stillness, own: 1);
            Kill(call);
        }

        return !_isDead;
    }

    private Task<bool> LeaveAsync(ProxiedCall call)
    {
        if (!_isDead && call.Number == _point.Call && _point.Moment is CrashMoment.After)
            Kill(call);
        return Task.FromResult(!_isDead);
    }

    private void Kill(ProxiedCall call)
    {
        _isDead = true;
        At = call;
        _host.Kill();
    }
}
