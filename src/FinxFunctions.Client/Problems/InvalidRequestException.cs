namespace FinxFunctions.Client;

/// <summary>The request is invalid; <see cref="FinxFunctionsException.Errors"/> says why. Repeating it does not help.</summary>
public sealed class InvalidRequestException : FinxFunctionsException
{
    internal InvalidRequestException(Problem problem)
        : base(problem)
    {
    }
}
