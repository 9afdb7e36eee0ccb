namespace FinxFunctions.Client;

/// <summary>Something that passes: try again after <see cref="FinxFunctionsException.RetryAfter"/>. No connection is lost.</summary>
public sealed class UnavailableException : FinxFunctionsException
{
    internal UnavailableException(Problem problem, Exception? inner)
        : base(problem, inner)
    {
    }
}
