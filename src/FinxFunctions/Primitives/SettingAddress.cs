namespace FinxFunctions.Primitives;

/// <summary>Validates an address in a setting: absolute, https (http on a loopback address), without user, query and fragment.</summary>
public static class SettingAddress
{
    /// <param name="setting">The setting's name, for the message.</param>
    /// <param name="address">The address. Null is not an error here.</param>
    /// <param name="example">A valid address, for the message.</param>
    /// <returns>What is wrong. Empty if nothing is.</returns>
    public static IEnumerable<string> Validate(string setting, Uri? address, string example)
    {
        if (address is not null && (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttps && !(address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))))
        {
            yield return $"{setting}: '{address}' is not an absolute https address, such as {example}. http is for loopback addresses only.";
        }
        else if (address is { Query.Length: > 0 } or { Fragment.Length: > 0 } or { UserInfo.Length: > 0 })
        {
            yield return $"{setting}: set an address without user, query and fragment, such as {example}.";
        }
    }

    /// <summary>The result of a validator that found these failures.</summary>
    public static ValidateOptionsResult ResultOf(IEnumerable<string> failures) =>
        failures.ToList() is { Count: > 0 } list ? ValidateOptionsResult.Fail(list) : ValidateOptionsResult.Success;
}
