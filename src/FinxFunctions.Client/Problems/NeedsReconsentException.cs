namespace FinxFunctions.Client;

/// <summary>Only the user can bring the connection back: create a link with its id, and send the user there.</summary>
public sealed class NeedsReconsentException : FinxFunctionsException
{
    internal NeedsReconsentException(Problem problem)
        : base(problem) => Reason = problem.Reason;

    /// <summary><c>not_connected</c>, <c>refused</c>, <c>ambiguous</c> or <c>no_refresh_token</c>.</summary>
    public string? Reason { get; }
}
