namespace FinxFunctions.Tests.Faults.Interleavings;

/// <summary>What befalls a call.</summary>
internal enum FaultKind
{
    /// <summary>It arrives late, and takes effect then, whether or not anybody still waits for it.</summary>
    ArrivesLate,

    /// <summary>It takes effect at once; its answer comes late.</summary>
    AnsweredLate,

    /// <summary>It takes effect at once; the host stands still meanwhile (SIGSTOP), and goes on later as if no time had passed.</summary>
    Freeze,
}
