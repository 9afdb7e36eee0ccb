namespace FinxFunctions.KeyVault;

public sealed class VaultOptionsValidator : IValidateOptions<VaultOptions>
{
    public ValidateOptionsResult Validate(string? name, VaultOptions options)
    {
        if (options.Addresses.Count == 0)
        {
            return ValidateOptionsResult.Fail("Vaults__Addresses__0: set the address of a Key Vault, such as https://<vault>.vault.azure.net.");
        }

        var wrong = options.Addresses.Where(address => !address.IsAbsoluteUri || address.Scheme != Uri.UriSchemeHttps).ToList();
        return wrong.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(wrong.Select(address => $"Vaults__Addresses: '{address}' is not an https address, such as https://<vault>.vault.azure.net."));
    }
}
