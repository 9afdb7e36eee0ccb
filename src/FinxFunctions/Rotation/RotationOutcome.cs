using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>The outcome of an attempt to replace a token pair.</summary>
public abstract record RotationOutcome
{
    private RotationOutcome()
    {
    }

    /// <summary>There is a new pair, and it is persisted.</summary>
    public sealed record Rotated(TokenPair Pair) : RotationOutcome
    {
        /// <summary>Done once the pair is in the vault and committed, or was left to a later process. Never fails.</summary>
        public Task Finished { get; init; } = Task.CompletedTask;
    }

    /// <summary>Another process works on the connection, or was faster. Read the rows again.</summary>
    public sealed record LostRace : RotationOutcome;

    /// <summary>finX refuses the token. Only a new consent of the user brings the connection back.</summary>
    public sealed record NeedsReconsent(string Reason) : RotationOutcome;

    /// <summary>It is unknown whether finX acted. The token is presented again when the replay policy allows it.</summary>
    public sealed record Ambiguous(DateTimeOffset RetryAt) : RotationOutcome;

    /// <summary>finX did not act. The token is as good as before.</summary>
    public sealed record TryLater(TryLaterCause Cause, DateTimeOffset RetryAt) : RotationOutcome;
}
