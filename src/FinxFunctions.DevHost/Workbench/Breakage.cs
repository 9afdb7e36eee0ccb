using FinxSandbox.Faults;
using FinxSandbox.Finx.Tokens;

namespace FinxFunctions.DevHost.Workbench;

/// <summary>A fault of finX or of a store that can be switched on, to see how the app handles it.</summary>
/// <param name="Explanation">What should happen.</param>
/// <param name="Rules">The sandbox's fault rules for it.</param>
public sealed partial record Breakage(string Name, string Group, string Title, string Explanation, params IReadOnlyList<FaultRule> Rules)
{
    /// <summary>How finX treats a used refresh token while this is on. Null changes nothing.</summary>
    public RefreshTokenReuse? Reuse { get; init; }

    /// <summary>Whether the table is put back, when this is switched off, to what it was when this was switched on.</summary>
    public bool RestoresTable { get; init; }
}
