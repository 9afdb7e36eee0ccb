namespace FinxFunctions.Tests.Faults.Proof;

/// <summary>The permission to present a token once, as a host wrote it into a lease's row before doing so.</summary>
/// <param name="TokenHash">SHA-256 of the token, in hex.</param>
/// <param name="AttemptId">The attempt, with all its lease holders.</param>
/// <param name="PresentedAt">When, by the host's clock.</param>
/// <param name="WrittenAt">When the row was there, by <see cref="System.Diagnostics.Stopwatch"/>.</param>
internal sealed record Grant(string TokenHash, string AttemptId, DateTimeOffset PresentedAt, long WrittenAt);
