namespace FinxFunctions.Http;

/// <summary>A request body and its errors so far. A service adds the errors that only it can find, so that the caller gets all of them at once.</summary>
/// <param name="Value">A field that is absent, null or of the wrong type is null here.</param>
public sealed record ParsedBody<T>(T Value, FieldErrors Errors)
    where T : class
{
    /// <summary>The body, if it has no error.</summary>
    /// <exception cref="InvalidRequestException">There is an error. The exception holds all of them.</exception>
    public T Valid()
    {
        Errors.ThrowIfAny();
        return Value;
    }
}
