using System.Globalization;

namespace FinxFunctions.Tests.Faults.Interleavings;

/// <summary>A fault of a call, or of the host that makes it.</summary>
/// <param name="Nth">Which call of this kind, of all hosts, from 1.</param>
internal sealed record CallFault(CallSite Site, int Nth, FaultKind Kind, TimeSpan Time)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Site} number {Nth} {Happens} {Time.TotalSeconds:0.0} s{(Kind is FaultKind.Freeze ? "" : " late")}.");

    private string Happens => Kind switch
    {
        FaultKind.ArrivesLate => "arrives",
        FaultKind.AnsweredLate => "is answered",
        _ => "stops its host for",
    };
}
