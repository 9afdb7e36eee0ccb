using System.Globalization;

namespace FinxFunctions.Tests.Faults.Interleavings;

/// <summary>Something that befalls a call, or the host that makes it.</summary>
/// <param name="Nth">Which call of this kind, whoever makes it, from 1.</param>
internal sealed record CallFault(CallSite Place, int Nth, FaultKind Harm, TimeSpan Time)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Place} number {Nth} {Happens} {Time.TotalSeconds:0.0} s{(Harm is FaultKind.Freeze ? "" : " late")}.");

    private string Happens => Harm switch
    {
        FaultKind.ArrivesLate => "arrives",
        FaultKind.AnsweredLate => "is answered",
        _ => "leaves its host standing still for",
    };
}
