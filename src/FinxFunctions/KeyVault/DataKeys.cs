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
public sealed partial class DataKeys(VaultClients vaults, SecretReader secrets, TimeProvider time, ILogger<DataKeys> logger) : IDisposable
{
    public const string SecretName = "sealing-key";

    /// <summary>No more missing keys than this are logged, whatever rows name.</summary>
    private const int MissingLimit = 100;

    /// <summary>How long a new version may stay unnoticed.</summary>
    private static readonly TimeSpan Recheck = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<Uri, DataKey> _keys = new();
    private readonly ConcurrentDictionary<Uri, bool> _missing = new();
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
            key = await FindAsync(value.KeyId, cancellationToken);
        }

        return key.Decrypt(value, connectionId, generation);
    }

    /// <summary>Decrypts a text that was encrypted for a connection and none of its generations.</summary>
    /// <exception cref="VaultException">Key Vault did not give the key.</exception>
    public async Task<string> DecryptTextAsync(EncryptedValue value, string connectionId, CancellationToken cancellationToken) =>
        Encoding.UTF8.GetString(await DecryptAsync(value, connectionId, DataKey.NoGeneration, cancellationToken));

    public void Dispose() => _gate.Dispose();

    private Task<DataKey> LatestOrNewAsync(CancellationToken cancellationToken) => VaultException.GuardAsync(async () =>
        Remember(await secrets.FindAsync(vaults.First, SecretName, null, cancellationToken) ?? await MakeAsync(cancellationToken)), cancellationToken);

    /// <summary>Makes a key. A deleted one is recovered instead, because rows need it.</summary>
    private async Task<KeyVaultSecret> MakeAsync(CancellationToken cancellationToken)
    {
        var secret = new KeyVaultSecret(SecretName, Convert.ToBase64String(RandomNumberGenerator.GetBytes(AesGcmCipher.KeySize)))
        {
            Properties = { ContentType = "application/octet-stream;base64" },
        };
        try
        {
            var made = VaultResponse.EnsureComplete(await vaults.For(vaults.First).SetSecretAsync(secret, cancellationToken));
            if (!_keys.IsEmpty)
            {
                LogReplaced(made.Id, vaults.First);
            }

            return made;
        }
        catch (RequestFailedException exception) when (exception.Status is 409)
        {
            LogDeleted(vaults.First);
            return await secrets.TryRecoverAsync(vaults.First, SecretName, cancellationToken) && await secrets.FindAsync(vaults.First, SecretName, null, cancellationToken) is { } recovered
                ? recovered
                : throw new VaultException(exception);
        }
    }

    private Task<DataKey> FindAsync(Uri keyId, CancellationToken cancellationToken) => VaultException.GuardAsync(async () =>
    {
        var id = new KeyVaultSecretIdentifier(keyId);
        try
        {
            return Remember(VaultResponse.EnsureComplete(await vaults.For(id.VaultUri).GetSecretAsync(id.Name, id.Version, cancellationToken: cancellationToken)));
        }
        catch (RequestFailedException exception) when (VaultException.IsMissing(exception))
        {
            if (_missing.Count < MissingLimit && _missing.TryAdd(keyId, true))
            {
                LogMissing(keyId);
            }

            throw;
        }
    }, cancellationToken);

    /// <exception cref="InvalidDataException">The secret holds no key.</exception>
    private DataKey Remember(KeyVaultSecret secret) => _keys.GetOrAdd(secret.Id, id =>
        Convert.FromBase64String(secret.Value) is { Length: AesGcmCipher.KeySize } key ? new DataKey(id, key) : throw new InvalidDataException($"Secret version {id.AbsolutePath} holds no data key."));

    [LoggerMessage(92, LogLevel.Error, "Data key {KeyId}, with which rows are encrypted, is not in its vault. Restore it: what was encrypted with it cannot be read until then.")]
    private partial void LogMissing(Uri keyId);

    [LoggerMessage(93, LogLevel.Error, "Vault {Vault} has lost its data key, with which rows are encrypted. {KeyId} was made for new values; restore the former.")]
    private partial void LogReplaced(Uri keyId, Uri vault);

    [LoggerMessage(94, LogLevel.Error, "The data key of vault {Vault} was deleted. It is being recovered.")]
    private partial void LogDeleted(Uri vault);
}
