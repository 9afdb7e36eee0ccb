namespace FinxFunctions.Client;

/// <summary>What is known of a call that failed.</summary>
internal sealed record Problem(string Code, int? Status, string Title)
{
    private static readonly Dictionary<string, string[]> NoErrors = [];

    public string? TraceId { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    public string? Reason { get; init; }

    public IReadOnlyDictionary<string, string[]> Errors { get; init; } = NoErrors;

    public FinxFunctionsException ToException(Exception? inner = null) => Code switch
    {
        "invalid_request" => new InvalidRequestException(this),
        "unauthorized" or "forbidden" => new CallerRefusedException(this),
        "unknown_connection" or "not_found" => new NotFoundException(this),
        "needs_reconsent" => new NeedsReconsentException(this),
        "idempotency_conflict" => new IdempotencyConflictException(this),
        "link_failed" => new LinkFailedException(this),
        "busy" or "finx_unavailable" or "vault_unavailable" or "storage_unavailable" or "no_answer" => new UnavailableException(this, inner),
        _ => new FinxFunctionsException(this, inner),
    };
}
