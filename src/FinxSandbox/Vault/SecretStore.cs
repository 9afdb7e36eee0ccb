namespace FinxSandbox.Vault;

/// <summary>The secrets of one vault, under one lock.</summary>
internal sealed class SecretStore(LiveOptions options, SandboxClock clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Secret> _secrets = new(StringComparer.OrdinalIgnoreCase);

    public SecretOutcome Set(string name, SecretChange change)
    {
        lock (_gate)
        {
            var secret = Find(name);
            if (secret?.DeletedAt is not null)
                return Conflict(secret);

            if (secret is null)
                _secrets[name] = secret = new Secret(name);
            var now = clock.GetUtcNow();
            secret.Versions.Add(new SecretVersion(
                Guid.NewGuid().ToString("N"), change.Value!, change.ContentType, change.Tags,
                change.Attributes?.Enabled ?? true, change.Attributes?.Nbf, change.Attributes?.Exp, now, now));
            return secret.Show(secret.Newest);
        }
    }

    /// <param name="version">Null for the newest.</param>
    public SecretOutcome Get(string name, string? version)
    {
        lock (_gate)
        {
            return Find(name) is { DeletedAt: null } secret && Pick(secret, version) is { } found
                ? secret.Show(found)
                : new Missing();
        }
    }

    public SecretOutcome Update(string name, string? version, SecretChange change)
    {
        lock (_gate)
        {
            if (Find(name) is not { DeletedAt: null } secret || Pick(secret, version) is not { } old)
                return new Missing();

            var updated = old with
            {
                ContentType = change.ContentType ?? old.ContentType,
                Tags = change.Tags ?? old.Tags,
                Enabled = change.Attributes?.Enabled ?? old.Enabled,
                NotBefore = change.Attributes?.Nbf ?? old.NotBefore,
                Expires = change.Attributes?.Exp ?? old.Expires,
                Updated = clock.GetUtcNow(),
            };
            secret.Versions[secret.Versions.IndexOf(old)] = updated;
            return secret.Show(updated);
        }
    }

    public SecretOutcome Delete(string name)
    {
        lock (_gate)
        {
            if (Find(name) is not { } secret)
                return new Missing();
            if (secret.DeletedAt is not null)
                return IsBeingDeleted(secret) ? new BeingDeleted() : new Missing();

            secret.DeletedAt = clock.GetUtcNow();
            return secret.Show(secret.Newest);
        }
    }

    public SecretOutcome GetDeleted(string name)
    {
        lock (_gate)
            return Find(name) is { DeletedAt: not null } secret && !IsBeingDeleted(secret) ? secret.Show(secret.Newest) : new Missing();
    }

    public SecretOutcome Recover(string name)
    {
        lock (_gate)
        {
            if (Find(name) is not { DeletedAt: not null } secret)
                return new Missing();
            if (IsBeingDeleted(secret))
                return new BeingDeleted();

            secret.DeletedAt = null;
            return secret.Show(secret.Newest);
        }
    }

    public SecretOutcome Purge(string name)
    {
        lock (_gate)
        {
            if (Find(name) is not { DeletedAt: not null } secret)
                return new Missing();
            if (IsBeingDeleted(secret))
                return new BeingDeleted();

            _secrets.Remove(name);
            return secret.Show(secret.Newest);
        }
    }

    /// <summary>Deletes a secret at once.</summary>
    public bool Lose(string name, bool purge)
    {
        lock (_gate)
        {
            if (Find(name) is not { } secret)
                return false;

            secret.DeletedAt ??= clock.GetUtcNow() - options.Current.VaultDeletionTime;
            return !purge || _secrets.Remove(name);
        }
    }

    /// <summary>Forgets versions and deletions of after a moment.</summary>
    public void Restore(DateTimeOffset moment)
    {
        lock (_gate)
        {
            foreach (var secret in _secrets.Values.ToList())
            {
                secret.DeletedAt = secret.DeletedAt > moment ? null : secret.DeletedAt;
                secret.Versions.RemoveAll(version => version.Created > moment);
                if (secret.Versions.Count == 0)
                    _secrets.Remove(secret.Name);
            }
        }
    }

    /// <summary>The newest version of each, by name.</summary>
    public IReadOnlyList<Found> List(bool deleted)
    {
        lock (_gate)
        {
            return
            [
                .. _secrets.Keys.ToList().Select(Find).OfType<Secret>()
                    .Where(secret => deleted ? secret.DeletedAt is not null && !IsBeingDeleted(secret) : secret.DeletedAt is null)
                    .OrderBy(secret => secret.Name, StringComparer.OrdinalIgnoreCase)
                    .Select(secret => secret.Show(secret.Newest)),
            ];
        }
    }

    /// <summary>All versions by id. Key Vault promises no order by age.</summary>
    public IReadOnlyList<Found> Versions(string name)
    {
        lock (_gate)
        {
            return Find(name) is { DeletedAt: null } secret
                ? [.. secret.Versions.OrderBy(version => version.Id, StringComparer.Ordinal).Select(version => secret.Show(version))]
                : [];
        }
    }

    /// <summary>The secret, unless its retention is over, which purges it.</summary>
    private Secret? Find(string name)
    {
        if (!_secrets.TryGetValue(name, out var secret))
            return null;
        if (secret.DeletedAt + options.Current.VaultRetention > clock.GetUtcNow() || secret.DeletedAt is null)
            return secret;

        _secrets.Remove(name);
        return null;
    }

    private static SecretVersion? Pick(Secret secret, string? version) =>
        version is null ? secret.Newest : secret.Versions.Find(candidate => candidate.Id == version);

    private bool IsBeingDeleted(Secret secret) => secret.DeletedAt + options.Current.VaultDeletionTime > clock.GetUtcNow();

    private SecretOutcome Conflict(Secret secret) => IsBeingDeleted(secret) ? new BeingDeleted() : new DeletedButRecoverable();
}
