namespace FinxFunctions.Primitives;

/// <summary>On whose behalf something is done, where it is not a caller's.</summary>
public static class Actor
{
    /// <summary>The timer, or a process that resumes what another left unfinished.</summary>
    public const string System = "system";
}
