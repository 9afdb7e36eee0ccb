using FinxSandbox;
using FinxSandbox.Faults;

namespace FinxFunctions.DevHost.Workbench;

/// <summary>Switches breakages on and off.</summary>
public sealed class Breakages(SandboxServer sandbox, TableRestore table, Timeline timeline)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, IReadOnlyList<ActiveFault>> _faults = [];

    /// <summary>Those that are possible here, as the page shows them.</summary>
    public IEnumerable<BreakageState> States => Breakage.All.Where(IsPossible).Select(breakage =>
        new BreakageState(breakage.Name, breakage.Group, breakage.Title, breakage.Explanation, IsOn(breakage), EndsAt(breakage)));

    public async Task SwitchAsync(Breakage breakage, bool on)
    {
        if (!IsPossible(breakage) || IsOn(breakage) == on)
            return;

        if (breakage.Reuse is { } reuse)
            sandbox.Options = sandbox.Options with { RefreshTokenReuse = on ? reuse : new SandboxOptions().RefreshTokenReuse };
        if (breakage.RestoresTable)
            await (on ? table.RememberAsync() : table.RestoreAsync());

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
        // The page reads everything again when it sees this.
        timeline.Add("fault", on ? $"Switched on: {breakage.Title}." : $"Switched off: {breakage.Title}.");
    }

    private bool IsPossible(Breakage breakage) => !breakage.RestoresTable || table.IsPossible;

    /// <summary>Whether it is on. A fault that happens only once, or for a time, is off afterwards.</summary>
    private bool IsOn(Breakage breakage) => breakage switch
    {
        { Reuse: { } reuse } => sandbox.Options.RefreshTokenReuse == reuse,
        { RestoresTable: true } => table.HasMemory,
        _ => Active(breakage).Any(),
    };

    private DateTimeOffset? EndsAt(Breakage breakage) => Active(breakage).Max(fault => fault.EndsAt);

    private IEnumerable<ActiveFault> Active(Breakage breakage)
    {
        lock (_gate)
            return _faults.TryGetValue(breakage.Name, out var faults) ? [.. faults.Where(sandbox.Faults.IsActive)] : [];
    }
}
