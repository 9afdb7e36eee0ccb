namespace FinxFunctions.Client;

/// <summary>The service does not know this caller, or the caller lacks a role (or the key is wrong). An operator must act.</summary>
public sealed class CallerRefusedException : FinxFunctionsException
{
    internal CallerRefusedException(Problem problem)
        : base(problem)
    {
    }
}
