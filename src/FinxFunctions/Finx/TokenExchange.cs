namespace FinxFunctions.Finx;

/// <summary>What came of one <c>POST /auth/token</c>.</summary>
/// <param name="IsFault">Whether finX failed, or was not reached: the circuit counts it.</param>
public sealed record TokenExchange(TokenAnswer Answer, bool IsFault);
