using FinxFunctions.Authorization;

namespace FinxFunctions.Http;

/// <summary>What a trigger checks before it reads a body: the caller, its role, and the query.</summary>
public static class Admission
{
    /// <summary>The caller, if it has the role and the query holds only these parameters.</summary>
    /// <param name="parameters">The query parameters that the call knows; none by default.</param>
    /// <exception cref="CallerException">The caller is not known, or lacks the role.</exception>
    /// <exception cref="InvalidRequestException">A parameter is unknown, or given twice.</exception>
    public static Caller Admit(this CallerReader callers, HttpRequest request, string role, params ReadOnlySpan<string> parameters)
    {
        var caller = callers.Require(request, role);
        RequestQuery.Allow(request, parameters);
        return caller;
    }
}
