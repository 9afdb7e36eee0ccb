namespace FinxFunctions.Http;

/// <summary>The errors of one request body, by field path such as <c>accounts[0].id</c>.</summary>
public sealed class FieldErrors
{
    private readonly Dictionary<string, List<string>> _errors = [];

    public bool Contains(string field) => _errors.ContainsKey(field);

    public void Add(string field, string error)
    {
        if (!_errors.TryGetValue(field, out var errors))
        {
            _errors[field] = errors = [];
        }

        errors.Add(error);
    }

    /// <exception cref="InvalidRequestException">There is an error. The exception holds all of them.</exception>
    public void ThrowIfAny()
    {
        if (_errors.Count > 0)
        {
            throw new InvalidRequestException(_errors.ToDictionary(field => field.Key, field => field.Value.ToArray()));
        }
    }
}
