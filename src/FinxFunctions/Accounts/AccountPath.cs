using FinxFunctions.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace FinxFunctions.Accounts;

/// <summary>Writes a caller's ids and parameters into finX's address.</summary>
public static class AccountPath
{
    private const int MaximumId = 128;

    /// <summary>An id as one segment of a path. An id cannot reach another path.</summary>
    /// <exception cref="InvalidRequestException">The id is empty, too long, or holds a slash or a control character.</exception>
    public static string Escape(string id) =>
        id.Length is > 0 and <= MaximumId && id is not ("." or "..") && !id.Any(c => char.IsControl(c) || c is '/' or '\\')
            ? Uri.EscapeDataString(id)
            : throw new InvalidRequestException("account_id", $"Is not the id of an account (at most {MaximumId} characters, no slashes).");

    /// <summary>The caller's query parameters without the function key.</summary>
    public static string QueryOf(IQueryCollection query) =>
        new QueryBuilder(query.Where(parameter => !RequestQuery.IsKey(parameter.Key)).SelectMany(parameter => parameter.Value, (parameter, value) => KeyValuePair.Create(parameter.Key, value ?? ""))).ToString();
}
