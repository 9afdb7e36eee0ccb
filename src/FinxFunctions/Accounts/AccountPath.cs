using FinxFunctions.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace FinxFunctions.Accounts;

/// <summary>A caller's ids and parameters on their way into finX's address.</summary>
public static class AccountPath
{
    private const int MaximumId = 128;

    /// <summary>An id as one segment of a path, whatever is in it: it never climbs out.</summary>
    /// <exception cref="InvalidRequestException">No id of finX looks like this.</exception>
    public static string Escape(string id) =>
        id.Length is > 0 and <= MaximumId && id is not ("." or "..") && !id.Any(c => char.IsControl(c) || c is '/' or '\\')
            ? Uri.EscapeDataString(id)
            : throw new InvalidRequestException("account_id", $"Is not the id of an account (at most {MaximumId} characters, no slashes).");

    /// <summary>The caller's parameters, without the function key.</summary>
    public static string QueryOf(IQueryCollection query) =>
        new QueryBuilder(query.Where(parameter => !RequestQuery.IsKey(parameter.Key)).SelectMany(parameter => parameter.Value, (parameter, value) => KeyValuePair.Create(parameter.Key, value ?? ""))).ToString();
}
