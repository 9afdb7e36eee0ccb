using FinxFunctions.Finx;
using FinxFunctions.Links;

namespace FinxFunctions.Hosting;

/// <summary>Addresses in settings: absolute, and https unless on this machine.</summary>
public sealed class AddressValidator : IValidateOptions<FinxOptions>, IValidateOptions<LinkOptions>
{
    public ValidateOptionsResult Validate(string? name, FinxOptions options) => Result(Check("Finx__BaseAddress", options.BaseAddress, "https://api.finx-s.qwist.cloud"));

    public ValidateOptionsResult Validate(string? name, LinkOptions options) => Result(
    [
        .. Check("Links__CallbackAddress", options.CallbackAddress, "https://<app>.azurewebsites.net/api/callback"),
        .. options.AllowedReturnUris.SelectMany(uri => Check("Links__AllowedReturnUris", uri, "https://app.example.com/banking/")),
    ]);

    private static IEnumerable<string> Check(string setting, Uri? address, string example)
    {
        if (address is not null && (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttps && !(address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))))
        {
            yield return $"{setting}: '{address}' is not an absolute https address (http is for loopback addresses only), such as {example}.";
        }
        else if (address is { Query.Length: > 0 } or { Fragment.Length: > 0 } or { UserInfo.Length: > 0 })
        {
            yield return $"{setting}: an address without user, query and fragment is needed, such as {example}.";
        }
    }

    private static ValidateOptionsResult Result(IEnumerable<string> failures) =>
        failures.ToList() is { Count: > 0 } list ? ValidateOptionsResult.Fail(list) : ValidateOptionsResult.Success;
}
