namespace FinxFunctions.Rotation;

/// <summary>What follows an unknown outcome: the token is presented again now, or the rotation ends for now.</summary>
/// <param name="Attempt">The attempt to present; null where it is not presented now.</param>
/// <param name="Outcome">Why not; null where it is.</param>
public readonly record struct ReplayStep(Attempt? Attempt, RotationOutcome? Outcome)
{
    public static implicit operator ReplayStep(Attempt attempt) => new(attempt, null);

    public static implicit operator ReplayStep(RotationOutcome outcome) => new(null, outcome);
}
