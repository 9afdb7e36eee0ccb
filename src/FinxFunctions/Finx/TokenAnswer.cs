namespace FinxFunctions.Finx;

/// <summary>What came of one <c>POST /auth/token</c>. Five things can, and each means something else for the token that was presented.</summary>
public abstract record TokenAnswer
{
    private TokenAnswer()
    {
    }

    /// <summary>A 2xx answer, not parsed yet: it is kept first. The presented token is spent.</summary>
    public sealed record Granted(ReadOnlyMemory<byte> Body) : TokenAnswer
    {
        public override string ToString() => "Granted";
    }

    /// <summary>finX says that the presented token is no good.</summary>
    public sealed record Refused(FinxError Error) : TokenAnswer;

    /// <summary>finX refuses us, or our request, not the token: wrong client credentials, a wrong address. An operator's problem.</summary>
    public sealed record ClientRefused(int Status, FinxError? Error) : TokenAnswer;

    /// <summary>The token was not used: finX could not be reached, or said that it did not act.</summary>
    /// <param name="RetryAfter">finX's own wish, where it gave one.</param>
    public sealed record NotProcessed(string Why, TimeSpan? RetryAfter = null) : TokenAnswer
    {
        /// <summary>Set by a 5xx answer: the token may be presented again, but a refusal that follows may be ours, not the user's.</summary>
        public bool MayHaveActed { get; init; }
    }

    /// <summary>Nobody knows: the request may have been acted on, the answer did not arrive or cannot be read.</summary>
    public sealed record Unknown(string Why) : TokenAnswer;
}
