using Azure;
using Azure.Security.KeyVault.Secrets;

namespace FinxFunctions.StandIns;

/// <summary>The part of <see cref="SecretClient"/> that the app uses, over a vault in memory.</summary>
public sealed class StandInSecretClient(InMemoryVault vault, Network network) : SecretClient
{
    public override Task<Response<KeyVaultSecret>> SetSecretAsync(KeyVaultSecret secret, CancellationToken cancellationToken = default) =>
        network.CallAsync(Call("set", secret.Name), () => Answer(vault.Set(secret)));

    public override Task<Response<KeyVaultSecret>> GetSecretAsync(string name, string? version, CancellationToken cancellationToken) => GetSecretAsync(name, version, null, cancellationToken);

    public override Task<Response<KeyVaultSecret>> GetSecretAsync(string name, string? version = null, SecretContentType? outContentType = null, CancellationToken cancellationToken = default) =>
        network.CallAsync(Call("get", name), () => Answer(vault.Get(name, version)));

    public override Task<DeleteSecretOperation> StartDeleteSecretAsync(string name, CancellationToken cancellationToken = default) => network.CallAsync(Call("delete", name), () =>
    {
        vault.Delete(name);
        return (DeleteSecretOperation)new StandInDeletion();
    });

    public override Task<RecoverDeletedSecretOperation> StartRecoverDeletedSecretAsync(string name, CancellationToken cancellationToken = default) => network.CallAsync(Call("recover", name), () =>
    {
        vault.Recover(name);
        return (RecoverDeletedSecretOperation)new StandInRecovery();
    });

    public override Task<Response> PurgeDeletedSecretAsync(string name, CancellationToken cancellationToken = default) => network.CallAsync<Response>(Call("purge", name), () =>
    {
        vault.Purge(name);
        return new StandInResponse(204);
    });

    public override AsyncPageable<SecretProperties> GetPropertiesOfSecretsAsync(CancellationToken cancellationToken = default) =>
        AsyncPageable<SecretProperties>.FromPages([Page<SecretProperties>.FromValues([.. vault.Names.Order(StringComparer.OrdinalIgnoreCase).Select(name => vault.Get(name, null).Properties)], null, new StandInResponse(200))]);

    private static Response<KeyVaultSecret> Answer(KeyVaultSecret secret) => Response.FromValue(secret, new StandInResponse(200));

    /// <summary>A pair's secret is named connection-{id}-{number}.</summary>
    private static ServiceCall Call(string operation, string name) => new(Service.Vault, operation, name.Split('-') is ["connection", { } id, _] ? id : "");

    private sealed class StandInDeletion : DeleteSecretOperation;

    private sealed class StandInRecovery : RecoverDeletedSecretOperation;
}
