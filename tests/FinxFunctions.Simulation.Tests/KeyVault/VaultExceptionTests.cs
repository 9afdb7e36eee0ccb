using System.Text.Json;
using Azure;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using FinxFunctions.KeyVault;
using FinxFunctions.StandIns;
using FinxFunctions.State;

namespace FinxFunctions.Simulation.Tests.KeyVault;

public sealed class VaultExceptionTests
{
    private static readonly Exception[] Failures =
    [
        new RequestFailedException(503, "Busy."),
        new AuthenticationFailedException("No."),
        new JsonException(),
        new InvalidDataException(),
        new IOException(),
        new InvalidOperationException(),
        new ArgumentOutOfRangeException("index"),
        new UriFormatException(),
        new TaskCanceledException(),
        SdkFailure.After(SdkFailure.NoAnswer),
        SdkFailure.After(SdkFailure.Refused),
        SdkFailure.After(SdkFailure.Reset),
        SdkFailure.After(SdkFailure.BrokeOff),
    ];

    [Fact]
    public async Task What_a_store_or_the_way_to_it_does_wrong_in_whatever_way_is_the_stores_failure()
    {
        foreach (var failure in Failures)
        {
            var vault = await Assert.ThrowsAsync<VaultException>(() => VaultException.GuardAsync<int>(() => throw failure, CancellationToken.None));
            var storage = await Assert.ThrowsAsync<StorageException>(() => StorageException.GuardAsync<int>(() => throw failure, CancellationToken.None));

            Assert.Same(failure, vault.InnerException);
            Assert.Same(failure, storage.InnerException);
            Assert.Equal(("Key Vault is not available.", "Table Storage is not available."), (vault.Message, storage.Message));
        }
    }

    [Fact]
    public async Task What_the_caller_cancels_is_not()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => VaultException.GuardAsync<int>(() => throw new TaskCanceledException(), cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => StorageException.GuardAsync<int>(() => throw new TaskCanceledException(), cancelled.Token));
        await Assert.ThrowsAsync<VaultException>(() => VaultException.GuardAsync<int>(() => throw new JsonException(), cancelled.Token));
    }

    [Fact]
    public async Task Nor_is_a_lack_of_memory_and_one_failure_is_not_wrapped_twice()
    {
        await Assert.ThrowsAsync<InsufficientMemoryException>(() => VaultException.GuardAsync<int>(() => throw new InsufficientMemoryException(), CancellationToken.None));
        await Assert.ThrowsAsync<InsufficientMemoryException>(() => StorageException.GuardAsync<int>(() => throw new InsufficientMemoryException(), CancellationToken.None));
        await Assert.ThrowsAsync<VaultException>(() => StorageException.GuardAsync<int>(() => throw new VaultException(new JsonException()), CancellationToken.None));
        Assert.Equal(5, await VaultException.GuardAsync(() => Task.FromResult(5), CancellationToken.None));
    }

    [Fact]
    public void It_tells_whether_the_vault_answered_that_there_is_nothing()
    {
        Assert.True(new VaultException(new RequestFailedException(404, "None.", "SecretNotFound", null)).IsNotFound);
        Assert.False(new VaultException(new RequestFailedException(404, "A gateway's.")).IsNotFound);
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
