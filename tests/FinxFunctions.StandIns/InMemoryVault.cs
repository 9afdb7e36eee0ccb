using System.Text;
using System.Text.RegularExpressions;
using Azure;
using Azure.Security.KeyVault.Secrets;

namespace FinxFunctions.StandIns;

/// <summary>One Key Vault's secrets, in memory: versions, soft deletion, limits.</summary>
public sealed partial class InMemoryVault(Uri address, TimeProvider time)
{
    private const int MaximumValue = 25 * 1024;
    private const int MaximumTags = 15;

    private static readonly TimeSpan Retention = TimeSpan.FromDays(90);

    private readonly Dictionary<string, (List<KeyVaultSecret> Versions, DateTimeOffset? DeletedAt)> _secrets = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _gate = new();

    /// <summary>Called with each secret version that was written.</summary>
    public Action<KeyVaultSecret>? Written { get; set; }

    /// <summary>The names that are in use, without those deleted.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_gate)
            {
                return [.. _secrets.Where(secret => secret.Value.DeletedAt is null).Select(secret => secret.Key)];
            }
        }
    }

    public KeyVaultSecret Set(KeyVaultSecret secret)
    {
        lock (_gate)
        {
            Demand(SecretName().IsMatch(secret.Name) && Encoding.UTF8.GetByteCount(secret.Value) <= MaximumValue && secret.Properties.Tags.Count <= MaximumTags, 400, "BadParameter");
            var (versions, deletedAt) = Find(secret.Name) ?? ([], null);
            Demand(deletedAt is null, 409, "Conflict");
            var version = Guid.NewGuid().ToString("N");
            var now = time.GetUtcNow();
            var properties = SecretModelFactory.SecretProperties(new Uri(address, $"secrets/{secret.Name}/{version}"), address, secret.Name, version, createdOn: now, updatedOn: now, recoveryLevel: "Recoverable+Purgeable");
            (properties.ContentType, properties.ExpiresOn, properties.Enabled) = (secret.Properties.ContentType, secret.Properties.ExpiresOn, true);
            foreach (var (tag, value) in secret.Properties.Tags)
            {
                properties.Tags[tag] = value;
            }

            var written = SecretModelFactory.KeyVaultSecret(properties, secret.Value);
            versions.Add(written);
            _secrets[secret.Name] = (versions, null);
            Written?.Invoke(written);
            return written;
        }
    }

    /// <param name="version">Null for the newest.</param>
    public KeyVaultSecret Get(string name, string? version)
    {
        lock (_gate)
        {
            var found = Find(name) is ({ } versions, null) ? version is null ? versions[^1] : versions.Find(secret => secret.Properties.Version == version) : null;
            Demand(found is not null, 404, "SecretNotFound");
            return found!;
        }
    }

    /// <summary>Deletes a secret. Its name stays taken while the secret could be recovered.</summary>
    public void Delete(string name)
    {
        lock (_gate)
        {
            Demand(Find(name) is (_, null), 404, "SecretNotFound");
            _secrets[name] = (Find(name)!.Value.Versions, time.GetUtcNow());
        }
    }

    /// <summary>Brings a deleted secret back with all its versions.</summary>
    public KeyVaultSecret Recover(string name)
    {
        lock (_gate)
        {
            Demand(Find(name) is (_, not null), 404, "SecretNotFound");
            _secrets[name] = (Find(name)!.Value.Versions, null);
            return _secrets[name].Versions[^1];
        }
    }

    /// <summary>Ends a deleted secret for good.</summary>
    public void Purge(string name)
    {
        lock (_gate)
        {
            Demand(Find(name) is (_, not null), 404, "SecretNotFound");
            _secrets.Remove(name);
        }
    }

    /// <summary>What the vault holds now, to fail over to later with <see cref="Restore"/>.</summary>
    public IReadOnlyDictionary<string, (IReadOnlyList<KeyVaultSecret> Versions, DateTimeOffset? DeletedAt)> Snapshot()
    {
        lock (_gate)
        {
            return _secrets.ToDictionary(secret => secret.Key, secret => ((IReadOnlyList<KeyVaultSecret>)[.. secret.Value.Versions], secret.Value.DeletedAt));
        }
    }

    /// <summary>Holds an older copy from now on: what was written since is not there.</summary>
    public void Restore(IReadOnlyDictionary<string, (IReadOnlyList<KeyVaultSecret> Versions, DateTimeOffset? DeletedAt)> snapshot)
    {
        lock (_gate)
        {
            _secrets.Clear();
            foreach (var (name, (versions, deletedAt)) in snapshot)
            {
                _secrets[name] = ([.. versions], deletedAt);
            }
        }
    }

    private (List<KeyVaultSecret> Versions, DateTimeOffset? DeletedAt)? Find(string name)
    {
        if (!_secrets.TryGetValue(name, out var secret))
        {
            return null;
        }

        if (secret.DeletedAt + Retention > time.GetUtcNow() || secret.DeletedAt is null)
        {
            return secret;
        }

        _secrets.Remove(name);
        return null;
    }

    private static void Demand(bool condition, int status, string code)
    {
        if (!condition)
        {
            throw new RequestFailedException(status, $"Key Vault refuses: {code}.", code, null);
        }
    }

    [GeneratedRegex("^[0-9A-Za-z-]{1,127}$")]
    private static partial Regex SecretName();
}
