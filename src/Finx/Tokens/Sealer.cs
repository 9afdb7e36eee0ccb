using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Security.KeyVault.Secrets;

namespace Finx.Tokens;

/// <summary>
/// The sealing key: a Key Vault secret, made on first need. Two processes may make it at once; each seals with the version it made, and
/// since whatever is sealed names its version, both stay readable. For the same reason an operator rotates it by setting a new version,
/// with rows in flight; a version may be disabled a day later.
/// </summary>
internal sealed class Sealer(VaultClients vaults, TimeProvider time) : IDisposable
{
    public const string SecretName = "sealing-key";

    /// <summary>How long a new version may go unnoticed.</summary>
    private static readonly TimeSpan Recheck = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<Uri, SealingKey> _keys = new();
    private readonly SemaphoreSlim _gate = new(1);
    private SealingKey? _current;
    private DateTimeOffset _checkedAt;

    /// <summary>The key to seal with. Once known, a vault that is down does not take it away.</summary>
    /// <exception cref="VaultException">Key Vault did not answer, and no key is known yet.</exception>
    public async Task<SealingKey> CurrentAsync(CancellationToken cancellationToken)
    {
        if (_current is { } known && time.GetUtcNow() - _checkedAt < Recheck)
        {
            return known;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_current is null || time.GetUtcNow() - _checkedAt >= Recheck)
            {
                _current = await LatestOrNewAsync(cancellationToken);
                _checkedAt = time.GetUtcNow();
            }
        }
        catch (VaultException) when (_current is not null)
        {
            // The key in hand is still good.
            _checkedAt = time.GetUtcNow();
        }
        finally
        {
            _gate.Release();
        }

        return _current;
    }

    /// <summary>Opens what was sealed, with the key version that it names.</summary>
    /// <exception cref="VaultException">Key Vault did not give the key.</exception>
    public async Task<byte[]> OpenAsync(Sealed value, string connectionId, int generation, CancellationToken cancellationToken)
    {
        if (!_keys.TryGetValue(value.KeyId, out var key))
        {
            var id = new KeyVaultSecretIdentifier(value.KeyId);
            key = Remember(await VaultException.GuardAsync(() => GetAsync(id, cancellationToken)));
        }

        return key.Open(value, connectionId, generation);
    }

    /// <summary>Opens a text that was sealed for a connection and no generation of it.</summary>
    /// <exception cref="VaultException">Key Vault did not give the key.</exception>
    public async Task<string> OpenTextAsync(Sealed value, string connectionId, CancellationToken cancellationToken) =>
        Encoding.UTF8.GetString(await OpenAsync(value, connectionId, SealingKey.NoGeneration, cancellationToken));

    public void Dispose() => _gate.Dispose();

    private Task<SealingKey> LatestOrNewAsync(CancellationToken cancellationToken) => VaultException.GuardAsync(async () =>
    {
        var client = vaults.For(vaults.First);
        try
        {
            return Remember(VaultAnswer.Whole(await client.GetSecretAsync(SecretName, cancellationToken: cancellationToken)));
        }
        catch (RequestFailedException exception) when (exception.Status is 404)
        {
            var secret = new KeyVaultSecret(SecretName, Convert.ToBase64String(RandomNumberGenerator.GetBytes(AesSeal.KeySize)))
            {
                Properties = { ContentType = "application/octet-stream;base64" },
            };
            return Remember(VaultAnswer.Whole(await client.SetSecretAsync(secret, cancellationToken)));
        }
    });

    private async Task<KeyVaultSecret> GetAsync(KeyVaultSecretIdentifier id, CancellationToken cancellationToken) =>
        VaultAnswer.Whole(await vaults.For(id.VaultUri).GetSecretAsync(id.Name, id.Version, cancellationToken: cancellationToken));

    private SealingKey Remember(KeyVaultSecret secret) => _keys.GetOrAdd(secret.Id, id => new SealingKey(id, Convert.FromBase64String(secret.Value)));
}
