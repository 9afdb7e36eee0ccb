using FinxFunctions.Primitives;

namespace FinxFunctions.Links;

/// <summary>Validates the addresses of the callback and of where users may be sent.</summary>
public sealed class LinkAddressValidator : IValidateOptions<LinkOptions>
{
    public ValidateOptionsResult Validate(string? name, LinkOptions options) => SettingAddress.ResultOf(
    [
        .. SettingAddress.Validate("Links__CallbackAddress", options.CallbackAddress, "https://<app>.azurewebsites.net/api/callback"),
        .. options.AllowedReturnUris.SelectMany(uri => SettingAddress.Validate("Links__AllowedReturnUris", uri, "https://app.example.com/banking/")),
    ]);
}
