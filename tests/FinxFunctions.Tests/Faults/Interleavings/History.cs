using FinxSandbox.Finx.Tokens;

namespace FinxFunctions.Tests.Faults.Interleavings;

/// <summary>Requests to several hosts, and the faults of their calls.</summary>
/// <param name="Reuse">What finX does with a refresh token that was used.</param>
internal sealed record History(RefreshTokenReuse Reuse, IReadOnlyList<Step> Steps, IReadOnlyList<CallFault> Faults)
{
    public const int Hosts = 3;
    public const int Connections = 2;

    /// <summary>A, B, C.</summary>
    public static string NameOf(int host) => ((char)('A' + host)).ToString();

    /// <summary>The same with one thing less each, the greatest savings first.</summary>
    public IEnumerable<History> Shorter() =>
    [
        .. Steps.Select(step => this with { Steps = [.. Steps.Where(other => !ReferenceEquals(other, step))] }),
        .. Faults.Select(fault => this with { Faults = [.. Faults.Where(other => !ReferenceEquals(other, fault))] }),
    ];

    public override string ToString() => string.Join('\n', [$"A refresh token that was used is honoured: {(Reuse is RefreshTokenReuse.Grace ? "for a while" : "never")}.", .. Steps, .. Faults]);
}
