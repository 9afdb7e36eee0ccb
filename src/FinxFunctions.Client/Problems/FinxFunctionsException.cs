namespace FinxFunctions.Client;

/// <summary>The service did not do what was asked. Kinds that a caller may want to tell apart derive from this.</summary>
public class FinxFunctionsException : Exception
{
    internal FinxFunctionsException(Problem problem, Exception? inner = null)
        : base($"FinxFunctions: {problem.Code}{(problem.Status is { } status ? $", status {status}" : "")}{(problem.TraceId is { } id ? $", trace {id}" : "")}. {problem.Title}", inner) =>
        (Code, Status, TraceId, RetryAfter, Errors) = (problem.Code, problem.Status, problem.TraceId, problem.RetryAfter, problem.Errors);

    /// <summary>The problem's <c>code</c>; <c>no_answer</c> where none came, <c>unexpected_answer</c> where it was none of the service's.</summary>
    public string Code { get; }

    /// <summary>HTTP status; null where no answer came.</summary>
    public int? Status { get; }

    /// <summary>What to ask the service's operator with.</summary>
    public string? TraceId { get; }

    /// <summary>How long to wait before trying again; null where the service does not say.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>What is wrong with the request, by field; empty for other problems.</summary>
    public IReadOnlyDictionary<string, string[]> Errors { get; }
}
