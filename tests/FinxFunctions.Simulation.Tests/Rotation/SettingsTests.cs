using FinxFunctions.Finx;
using FinxFunctions.KeyVault;
using FinxFunctions.Rotation;
using Microsoft.Extensions.Options;

namespace FinxFunctions.Simulation.Tests.Rotation;

/// <summary>Settings of tokens and vaults that stop the start.</summary>
public sealed class SettingsTests
{
    [Theory]
    [InlineData(60, true)]
    [InlineData(59, false)]
    public void A_lease_lasts_twice_as_long_as_finX_may_take(int seconds, bool isGood)
    {
        var validator = new LeaseValidator(Options.Create(new FinxOptions { TokenTimeout = TimeSpan.FromSeconds(30) }));

        var result = validator.Validate(null, new TokenOptions { Lease = TimeSpan.FromSeconds(seconds) });

        Assert.Equal(isGood, result.Succeeded);
        Assert.Equal(isGood ? null : "Tokens__Lease (00:00:59) must be at least twice Finx__TokenTimeout (00:00:30).", result.FailureMessage);
    }

    [Fact]
    public void There_must_be_a_vault() =>
        Assert.StartsWith("Vaults__Addresses__0: set the address of a Key Vault", Validate().FailureMessage, StringComparison.Ordinal);

    [Fact]
    public void A_vault_is_reached_by_https() => Assert.True(Validate("https://one.vault.azure.net/", "https://two.vault.azure.net/").Succeeded);

    [Theory]
    [InlineData("http://two.vault.azure.net/")]
    [InlineData("two")]
    public void Anything_else_is_no_vault(string address)
    {
        var result = Validate("https://one.vault.azure.net/", address);

        Assert.Equal([$"Vaults__Addresses: '{address}' is not an https address, such as https://<vault>.vault.azure.net."], result.Failures);
    }

    private static ValidateOptionsResult Validate(params string[] addresses)
    {
        var options = new VaultOptions();
        foreach (var address in addresses)
        {
            options.Addresses.Add(new Uri(address, UriKind.RelativeOrAbsolute));
        }

        return new VaultOptionsValidator().Validate(null, options);
    }
}
