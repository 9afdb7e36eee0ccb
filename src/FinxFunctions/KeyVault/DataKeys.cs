using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Security.KeyVault.Secrets;

namespace FinxFunctions.KeyVault;

/// <summary>
/// The data keys: versions of one Key Vault secret, which is created at the first use. If two processes create it at once, each encrypts
/// with the version that it wrote. Each encrypted value names its version, so both stay readable. An operator rotates the key by setting a
/// new version, at any time. A former version may be disabled a day later.
/// </summary>
/// <remarks>
/// Not ASP.NET Core Data Protection: a value is bound to its connection and generation as associated data, and names its exact key version,
/// and a known key must work without a call.
/// </remarks>
public sealed class DataKeys(VaultClients vaults, TimeProvider time) : IDisposable
{
    public const string SecretName = "sealing-key";

    /// <summary>How long a new version may stay unnoticed.</summary>
    private static readonly TimeSpan Recheck = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<Uri, DataKey> _keys = new();
    private readonly SemaphoreSlim _gate = new(1);
    private DataKey? _current;
    private DateTimeOffset _checkedAt;

    /// <summary>The key to encrypt with. Once it is known, it stays in use while the vault is down.</summary>
    /// <exception cref="VaultException">Key Vault did not answer, and no key is known yet.</exception>
    public async Task<DataKey> CurrentAsync(CancellationToken cancellationToken)
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
            // The known key is still good.
            _checkedAt = time.GetUtcNow();
        }
        finally
        {
            _gate.Release();
        }

        return _current;
    }

    /// <summary>Decrypts a value with the key version that it names.</summary>
    /// <exception cref="VaultException">Key Vault did not give the key.</exception>
    public async Task<byte[]> DecryptAsync(EncryptedValue value, string connectionId, int generation, CancellationToken cancellationToken)
    {
        if (!_keys.TryGetValue(value.KeyId, out var key))
        {
            var id = new KeyVaultSecretIdentifier(value.KeyId);
            key = Remember(await VaultException.GuardAsync(() => GetAsync(id, cancellationToken), cancellationToken));
        }

        return key.Decrypt(value, connectionId, generation);
    }

    /// <summary>Decrypts a text that was encrypted for a connection and none of its generations.</summary>
    /// <exception cref="VaultException">Key Vault did not give the key.</exception>
    public async Task<string> DecryptTextAsync(EncryptedValue value, string connectionId, CancellationToken cancellationToken) =>
        Encoding.UTF8.GetString(await DecryptAsync(value, connectionId, DataKey.NoGeneration, cancellationToken));

    public void Dispose() => _gate.Dispose();

    private Task<DataKey> LatestOrNewAsync(CancellationToken cancellationToken) => VaultException.GuardAsync(async () =>
    {
        var client = vaults.For(vaults.First);
        try
        {
            return Remember(VaultResponse.EnsureComplete(await client.GetSecretAsync(SecretName, cancellationToken: cancellationToken)));
        }
        catch (RequestFailedException exception) when (VaultException.IsMissing(exception))
        {
            var secret = new KeyVaultSecret(SecretName, Convert.ToBase64String(RandomNumberGenerator.GetBytes(AesGcmCipher.KeySize)))
            {
                Properties = { ContentType = "application/octet-stream;base64" },
            };
            return Remember(VaultResponse.EnsureComplete(await client.SetSecretAsync(secret, cancellationToken)));
        }
    }, cancellationToken);

    private async Task<KeyVaultSecret> GetAsync(KeyVaultSecretIdentifier id, CancellationToken cancellationToken) =>
        VaultResponse.EnsureComplete(await vaults.For(id.VaultUri).GetSecretAsync(id.Name, id.Version, cancellationToken: cancellationToken));

    private DataKey Remember(KeyVaultSecret secret) => _keys.GetOrAdd(secret.Id, id => new DataKey(id, Convert.FromBase64String(secret.Value)));
}
