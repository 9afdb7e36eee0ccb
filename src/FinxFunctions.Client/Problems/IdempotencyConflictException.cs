namespace FinxFunctions.Client;

/// <summary>The Idempotency-Key came with another request before, or its link is over: use another key.</summary>
public sealed class IdempotencyConflictException : FinxFunctionsException
{
    internal IdempotencyConflictException(Problem problem)
        : base(problem)
    {
    }
}
