namespace FinxFunctions.Http;

/// <summary>The query of a call that knows its parameters: each at most once, none that is not known.</summary>
public static class RequestQuery
{
    private const string KeyParameter = "code";

    /// <summary>Whether a function key comes this way; it is the host's, not ours. The host asks for it without regard to case.</summary>
    public static bool IsKey(string name) => name.Equals(KeyParameter, StringComparison.OrdinalIgnoreCase);

    /// <exception cref="InvalidRequestException">A parameter is unknown, or given twice.</exception>
    public static void Allow(HttpRequest request, params ReadOnlySpan<string> names)
    {
        if (!request.QueryString.HasValue)
        {
            return;
        }

        Dictionary<string, string[]> errors = [];
        foreach (var (name, values) in request.Query)
        {
            if (!IsKey(name) && !names.Contains(name))
            {
                errors[name.Length > 64 ? name[..64] : name] = ["Is not known."];
            }
            else if (values.Count > 1)
            {
                errors[name] = ["May be given once."];
            }
        }

        if (errors.Count > 0)
        {
            throw new InvalidRequestException(errors);
        }
    }

    /// <summary>A parameter of at most so many characters; null where it is absent.</summary>
    /// <exception cref="InvalidRequestException">It is empty, too long, or holds control characters.</exception>
    public static string? Text(HttpRequest request, string name, int maximum) => request.Query[name].ToString() switch
    {
        "" when request.Query.ContainsKey(name) => throw new InvalidRequestException(name, "Must not be empty."),
        "" => null,
        { } text when text.Length > maximum => throw new InvalidRequestException(name, $"At most {maximum} characters."),
        { } text when text.Any(char.IsControl) => throw new InvalidRequestException(name, "Must not hold control characters."),
        { } text => text,
    };
}
