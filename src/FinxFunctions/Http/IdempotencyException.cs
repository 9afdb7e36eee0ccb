namespace FinxFunctions.Http;

/// <summary>An Idempotency-Key that came with another request before, or whose link is over.</summary>
public sealed class IdempotencyException() : Exception("The Idempotency-Key was used for another request, or its link is over.");
