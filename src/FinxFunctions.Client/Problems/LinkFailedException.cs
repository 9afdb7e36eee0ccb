namespace FinxFunctions.Client;

/// <summary>The flow that was to be confirmed came to nothing: create another link.</summary>
public sealed class LinkFailedException : FinxFunctionsException
{
    internal LinkFailedException(Problem problem)
        : base(problem)
    {
    }
}
