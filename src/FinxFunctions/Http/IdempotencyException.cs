namespace FinxFunctions.Http;

/// <summary>The Idempotency-Key belongs to another request, or to a link that has expired.</summary>
public sealed class IdempotencyException() : Exception("The Idempotency-Key belongs to another request, or to a link that has expired.");
