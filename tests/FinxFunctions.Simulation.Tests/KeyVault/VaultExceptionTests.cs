using System.Text.Json;
using Azure;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using FinxFunctions.KeyVault;

namespace FinxFunctions.Simulation.Tests.KeyVault;

public sealed class VaultExceptionTests
{
    private static readonly Exception[] VaultFailures =
    [
        new RequestFailedException(503, "Busy."),
        new AuthenticationFailedException("No."),
        new JsonException(),
        new InvalidDataException(),
        new AggregateException(new RequestFailedException(0, "Unreachable.")),
    ];

    [Fact]
    public async Task What_the_vault_or_the_way_to_it_does_wrong_is_the_vaults_failure()
    {
        foreach (var failure in VaultFailures)
        {
            var thrown = await Assert.ThrowsAsync<VaultException>(() => VaultException.GuardAsync<int>(() => throw failure));

            Assert.Same(failure, thrown.InnerException);
            Assert.Equal("Key Vault is not available.", thrown.Message);
        }
    }

    [Fact]
    public async Task A_defect_of_ours_is_not()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => VaultException.GuardAsync<int>(() => throw new InvalidOperationException()));
        await Assert.ThrowsAsync<AggregateException>(() => VaultException.GuardAsync<int>(() => throw new AggregateException(new InvalidOperationException())));
        Assert.Equal(5, await VaultException.GuardAsync(() => Task.FromResult(5)));
    }

    [Fact]
    public void It_tells_whether_the_vault_answered_that_there_is_nothing()
    {
        Assert.True(new VaultException(new RequestFailedException(404, "None.")).IsNotFound);
        Assert.False(new VaultException(new RequestFailedException(403, "No.")).IsNotFound);
        Assert.False(new VaultException(new InvalidDataException()).IsNotFound);
    }

    [Fact]
    public void An_answer_without_an_id_or_a_value_is_not_the_vaults()
    {
        var id = new Uri("https://one.vault.azure.net/secrets/name/version");
        var whole = SecretModelFactory.KeyVaultSecret(SecretModelFactory.SecretProperties(id), "value");

        Assert.Same(whole, VaultResponse.EnsureComplete(whole));
        AssertNotWhole(SecretModelFactory.KeyVaultSecret(SecretModelFactory.SecretProperties(id), null));
        AssertNotWhole(SecretModelFactory.KeyVaultSecret(SecretModelFactory.SecretProperties(null), "value"));
    }

    private static void AssertNotWhole(KeyVaultSecret secret) =>
        Assert.Equal("Key Vault's answer is not whole.", Assert.Throws<InvalidDataException>(() => VaultResponse.EnsureComplete(secret)).Message);
}
