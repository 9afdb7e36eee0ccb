namespace FinxFunctions.Tests.Faults.Interleavings;

/// <summary>What happens to a call.</summary>
internal enum FaultKind
{
    /// <summary>It arrives late and takes effect then, even if nobody waits for it any more.</summary>
    ArrivesLate,

    /// <summary>It takes effect at once; its answer comes late.</summary>
    AnsweredLate,

    /// <summary>It takes effect at once; the host is stopped meanwhile (SIGSTOP) and continues later.</summary>
    Freeze,
}
