using FinxSandbox;
using FinxSandbox.Faults;

namespace FinxFunctions.DevHost.Workbench;

/// <summary>Switches breakages on and off.</summary>
public sealed class Breakages(SandboxServer sandbox, Timeline timeline)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, IReadOnlyList<ActiveFault>> _faults = [];

    /// <summary>Whether it is on. A fault that happens only once is off afterwards.</summary>
    public bool IsOn(Breakage breakage)
    {
        if (breakage.Reuse is { } reuse)
            return sandbox.Options.RefreshTokenReuse == reuse;

        lock (_gate)
            return _faults.TryGetValue(breakage.Name, out var faults) && faults.Any(fault => fault.Remaining is not 0);
    }

    public void Switch(Breakage breakage, bool on)
    {
        if (IsOn(breakage) == on)
            return;

        timeline.Add("fault", on ? $"Switched on: {breakage.Title}." : $"Switched off: {breakage.Title}.");
        if (breakage.Reuse is { } reuse)
            sandbox.Options = sandbox.Options with { RefreshTokenReuse = on ? reuse : new SandboxOptions().RefreshTokenReuse };

        lock (_gate)
        {
            if (_faults.Remove(breakage.Name, out var former))
            {
                foreach (var fault in former)
                    sandbox.Faults.Remove(fault.Id);
            }
            if (on)
                _faults[breakage.Name] = [.. breakage.Rules.Select(sandbox.Faults.Add)];
        }
    }
}
