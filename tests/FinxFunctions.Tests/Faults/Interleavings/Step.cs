using System.Globalization;

namespace FinxFunctions.Tests.Faults.Interleavings;

/// <summary>A request to a host. The next step does not wait for its answer.</summary>
/// <param name="After">The time between the step before and this one.</param>
/// <param name="Host">Which host, from 0.</param>
/// <param name="Connection">Which connection, from 0.</param>
internal sealed record Step(TimeSpan After, int Host, RequestKind Act, int Connection)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{After.TotalSeconds:0.0} s later {History.NameOf(Host)} is asked to {Wish}.");

    private string Wish => Act switch
    {
        RequestKind.Ask => $"give a token of connection {Connection}",
        RequestKind.Report => $"replace the token of connection {Connection}",
        RequestKind.Tick => "do what is due",
        RequestKind.Renew => $"renew connection {Connection}",
        _ => $"delete connection {Connection}",
    };
}
