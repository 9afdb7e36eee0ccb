namespace FinxFunctions.Rotation;

/// <summary>How far an answer was taken.</summary>
/// <param name="Outcome">Null where the answer cannot be read: the outcome of the presentation is unknown.</param>
/// <param name="Attempt">The attempt as its row now stands.</param>
public readonly record struct Completion(RotationOutcome? Outcome, Attempt Attempt);
