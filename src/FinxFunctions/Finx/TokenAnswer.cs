namespace FinxFunctions.Finx;

/// <summary>The result of one <c>POST /auth/token</c>. Each has its own meaning for the token that was presented.</summary>
public abstract record TokenAnswer
{
    private TokenAnswer()
    {
    }

    /// <summary>An answer from which a refresh token, or an access token alone, can be read. It is persisted first. The presented token is used up.</summary>
    /// <param name="Body">The answer without its Content-Encoding, as <see cref="TokenResponse.TryParse"/> reads it.</param>
    public sealed record Granted(ReadOnlyMemory<byte> Body) : TokenAnswer
    {
        public override string ToString() => "Granted";
    }

    /// <summary>finX says that the presented token is worth nothing (RFC 6749, section 5.2: <c>invalid_grant</c>, and its spellings). A refused token is not used up.</summary>
    public sealed record Dead(int Status, FinxError Error) : TokenAnswer;

    /// <summary>finX refuses this one request, and does not say why in words that are known. The token may be as good as before.</summary>
    public sealed record Suspect(int Status, FinxError? Error) : TokenAnswer;

    /// <summary>finX refuses this client or the request, and not the token: wrong client credentials, or a wrong address. An operator must act.</summary>
    public sealed record ClientRefused(int Status, FinxError? Error) : TokenAnswer;

    /// <summary>The token was not used: finX could not be reached, or answered that it did not act.</summary>
    /// <param name="RetryAfter">How long finX asks to wait; null where it does not say.</param>
    public sealed record NotProcessed(string Why, TimeSpan? RetryAfter = null) : TokenAnswer
    {
        /// <summary>Set for a 5xx answer. The token may be presented again, but finX may have acted: a refusal that follows may be caused by this call.</summary>
        public bool MayHaveActed { get; init; }
    }

    /// <summary>The outcome is unknown: finX may have acted, but its answer did not arrive or cannot be read.</summary>
    /// <param name="Body">What came, if it cannot be read. It may hold tokens, so it is kept encrypted. Empty where nothing came.</param>
    public sealed record Unknown(string Why, ReadOnlyMemory<byte> Body = default) : TokenAnswer
    {
        public override string ToString() => $"Unknown: {Why}";
    }
}
