namespace FinxFunctions.Http;

/// <summary>A request that cannot be served as it is; says what is wrong, by field.</summary>
public sealed class InvalidRequestException(IReadOnlyDictionary<string, string[]> errors, int status = 400) : Exception("The request is invalid.")
{
    public InvalidRequestException(string field, string error)
        : this(new Dictionary<string, string[]> { [field] = [error] })
    {
    }

    public IReadOnlyDictionary<string, string[]> Errors { get; } = errors;

    /// <summary>400, 413 or 415.</summary>
    public int Status { get; } = status;
}
