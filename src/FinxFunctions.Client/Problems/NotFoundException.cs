namespace FinxFunctions.Client;

/// <summary>There is no such connection or it is another caller's (<c>unknown_connection</c>), or finX does not know the account (<c>not_found</c>).</summary>
public sealed class NotFoundException : FinxFunctionsException
{
    internal NotFoundException(Problem problem)
        : base(problem)
    {
    }
}
