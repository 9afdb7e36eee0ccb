using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>What came of an attempt to replace a token pair.</summary>
public abstract record RotationOutcome
{
    private RotationOutcome()
    {
    }

    /// <summary>A new pair is in hand and kept.</summary>
    public sealed record Rotated(TokenPair Pair) : RotationOutcome;

    /// <summary>Somebody else is at it, or was faster: read again.</summary>
    public sealed record LostRace : RotationOutcome;

    /// <summary>finX will have none of it: only the user can bring the connection back.</summary>
    public sealed record NeedsReconsent(string Reason) : RotationOutcome;

    /// <summary>Nobody knows whether finX acted. The token is presented again as the replay policy allows, not before.</summary>
    public sealed record Ambiguous(DateTimeOffset RetryAt) : RotationOutcome;

    /// <summary>Nothing was lost and nothing gained.</summary>
    public sealed record TryLater(TryLaterCause Cause, DateTimeOffset RetryAt) : RotationOutcome;
}
