namespace FinxFunctions.Http;

/// <summary>Headers that a call may carry.</summary>
public static class RequestHeader
{
    private const string IdempotencyKeyName = "Idempotency-Key";
    private const int MaximumLength = 128;

    /// <summary>The caller's Idempotency-Key; null without one.</summary>
    /// <exception cref="InvalidRequestException">It is empty, too long, not printable ASCII, or given twice.</exception>
    public static string? IdempotencyKey(HttpRequest request) => request.Headers[IdempotencyKeyName] switch
    {
        [] => null,
        [{ Length: > 0 and <= MaximumLength } key] when key.All(c => c is > ' ' and <= '~') => key,
        _ => throw new InvalidRequestException(IdempotencyKeyName, $"One key of 1 to {MaximumLength} visible ASCII characters is needed."),
    };
}
