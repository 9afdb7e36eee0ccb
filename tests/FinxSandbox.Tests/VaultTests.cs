using Azure;
using Azure.Core;
using Azure.Security.KeyVault.Secrets;

namespace FinxSandbox.Tests;

public sealed class VaultTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_secret_is_set_and_got_with_all_it_has()
    {
        await using var server = await SandboxServer.StartAsync(new SandboxOptions(), Cancel);
        var client = VaultClient.For(server);
        var secret = new KeyVaultSecret("token-1", "välue")
        {
            Properties = { ContentType = "application/json", ExpiresOn = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), Tags = { ["generation"] = "1" } },
        };

        await client.SetSecretAsync(secret, Cancel);
        KeyVaultSecret got = await client.GetSecretAsync("TOKEN-1", cancellationToken: Cancel);

        Assert.Equal("välue", got.Value);
        Assert.Equal("application/json", got.Properties.ContentType);
        Assert.Equal(secret.Properties.ExpiresOn, got.Properties.ExpiresOn);
        Assert.Equal("1", got.Properties.Tags["generation"]);
        Assert.True(got.Properties.Enabled);
        Assert.Equal("Recoverable+Purgeable", got.Properties.RecoveryLevel);
        Assert.Equal(32, got.Properties.Version.Length);
        Assert.NotNull(got.Properties.CreatedOn);
    }

    [Fact]
    public async Task Each_set_makes_a_version_and_old_ones_stay()
    {
        await using var server = await SandboxServer.StartAsync(new SandboxOptions(), Cancel);
        var client = VaultClient.For(server);

        KeyVaultSecret first = await client.SetSecretAsync("a", "1", Cancel);
        await client.SetSecretAsync("a", "2", Cancel);

        Assert.Equal("2", (await client.GetSecretAsync("a", cancellationToken: Cancel)).Value.Value);
        Assert.Equal("1", (await client.GetSecretAsync("a", first.Properties.Version, cancellationToken: Cancel)).Value.Value);
        Assert.Equal(2, await client.GetPropertiesOfSecretVersionsAsync("a", Cancel).CountAsync(Cancel));
    }

    [Fact]
    public async Task An_update_makes_no_version_and_a_disabled_one_is_not_given()
    {
        await using var server = await SandboxServer.StartAsync(new SandboxOptions(), Cancel);
        var client = VaultClient.For(server);
        KeyVaultSecret secret = await client.SetSecretAsync("a", "1", Cancel);

        secret.Properties.Enabled = false;
        secret.Properties.Tags["dead"] = "yes";
        SecretProperties updated = await client.UpdateSecretPropertiesAsync(secret.Properties, Cancel);

        Assert.Equal(secret.Properties.Version, updated.Version);
        Assert.Equal("yes", updated.Tags["dead"]);
        await FailsAsync(403, () => client.GetSecretAsync("a", cancellationToken: Cancel));
    }

    [Fact]
    public async Task Lists_come_in_pages_of_25()
    {
        await using var server = await SandboxServer.StartAsync(new SandboxOptions(), Cancel);
        var client = VaultClient.For(server);
        await Parallel.ForAsync(0, 60, Cancel, async (i, cancel) => await client.SetSecretAsync($"s-{i:00}", "x", cancel));
        for (var i = 0; i < 30; i++)
            await client.SetSecretAsync("s-00", "y", Cancel);

        var pages = await client.GetPropertiesOfSecretsAsync(Cancel).AsPages().ToListAsync(Cancel);
        var versions = await client.GetPropertiesOfSecretVersionsAsync("s-00", Cancel).ToListAsync(Cancel);

        Assert.Equal([25, 25, 10], pages.Select(page => page.Values.Count));
        Assert.Equal(60, pages.SelectMany(page => page.Values).Select(secret => secret.Name).Distinct().Count());
        Assert.Equal(31, versions.Select(version => version.Version).Distinct().Count());
    }

    [Fact]
    public async Task A_deleted_name_is_taken_until_it_is_purged()
    {
        await using var server = await SandboxServer.StartAsync(new SandboxOptions(), Cancel);
        var client = VaultClient.For(server);
        await client.SetSecretAsync("a", "1", Cancel);

        var deleted = (await client.StartDeleteSecretAsync("a", Cancel)).Value;

        Assert.NotNull(deleted.ScheduledPurgeDate);
        Assert.Equal("a", (await client.GetDeletedSecretAsync("a", Cancel)).Value.Name);
        Assert.Single(await client.GetDeletedSecretsAsync(Cancel).ToListAsync(Cancel));
        await FailsAsync(404, () => client.GetSecretAsync("a", cancellationToken: Cancel), "SecretNotFound");
        var conflict = await FailsAsync(409, () => client.SetSecretAsync("a", "2", Cancel));
        Assert.Contains("ObjectIsDeletedButRecoverable", conflict.GetRawResponse()!.Content.ToString(), StringComparison.Ordinal);
        await client.PurgeDeletedSecretAsync("a", Cancel);
        Assert.Equal("3", (await client.SetSecretAsync("a", "3", Cancel)).Value.Value);
    }

    [Fact]
    public async Task A_deleted_secret_is_recovered_with_its_versions()
    {
        await using var server = await SandboxServer.StartAsync(new SandboxOptions(), Cancel);
        var client = VaultClient.For(server);
        KeyVaultSecret first = await client.SetSecretAsync("a", "1", Cancel);
        await client.SetSecretAsync("a", "2", Cancel);
        await client.StartDeleteSecretAsync("a", Cancel);

        await client.StartRecoverDeletedSecretAsync("a", Cancel);

        Assert.Equal("1", (await client.GetSecretAsync("a", first.Properties.Version, cancellationToken: Cancel)).Value.Value);
    }

    [Fact]
    public async Task A_deletion_takes_its_time_and_a_retention_ends()
    {
        await using var server = await SandboxServer.StartAsync(new SandboxOptions { VaultDeletionTime = TimeSpan.FromSeconds(30) }, Cancel);
        var client = VaultClient.For(server);
        await client.SetSecretAsync("a", "1", Cancel);

        await client.StartDeleteSecretAsync("a", Cancel);

        var conflict = await FailsAsync(409, () => client.SetSecretAsync("a", "2", Cancel));
        Assert.Contains("ObjectIsBeingDeleted", conflict.GetRawResponse()!.Content.ToString(), StringComparison.Ordinal);
        await FailsAsync(404, () => client.GetDeletedSecretAsync("a", Cancel));
        await FailsAsync(409, () => client.StartRecoverDeletedSecretAsync("a", Cancel));
        await FailsAsync(409, () => client.PurgeDeletedSecretAsync("a", Cancel));
        server.Clock.Advance(TimeSpan.FromSeconds(30));
        await client.GetDeletedSecretAsync("a", Cancel);
        server.Clock.Advance(TimeSpan.FromDays(90));
        await client.SetSecretAsync("a", "3", Cancel);
        Assert.Equal("3", (await client.GetSecretAsync("a", cancellationToken: Cancel)).Value.Value);
    }

    [Fact]
    public async Task Sets_are_throttled_at_300_in_10_seconds_for_each_vault()
    {
        await using var server = await SandboxServer.StartAsync(new SandboxOptions { VaultPorts = [0, 0] }, Cancel);
        server.Clock.Set(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var (client, other) = (VaultClient.For(server), VaultClient.For(server, vault: 1));
        await Parallel.ForAsync(0, 300, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancel },
            async (i, cancel) => await client.SetSecretAsync($"s-{i}", "x", cancel));

        await FailsAsync(429, () => client.SetSecretAsync("one-too-many", "x", Cancel), "Throttled");

        await other.SetSecretAsync("elsewhere", "x", Cancel);
        await client.GetSecretAsync("s-1", cancellationToken: Cancel);
        server.Clock.Advance(TimeSpan.FromSeconds(10));
        await client.SetSecretAsync("again", "x", Cancel);
    }

    [Fact]
    public async Task Limits_hold()
    {
        await using var server = await SandboxServer.StartAsync(new SandboxOptions(), Cancel);
        var client = VaultClient.For(server);
        var tagged = new KeyVaultSecret("tagged", "x");
        for (var i = 0; i < 16; i++)
            tagged.Properties.Tags[$"t{i}"] = "x";

        await client.SetSecretAsync("largest", new string('x', 25 * 1024), Cancel);
        await client.SetSecretAsync("empty", "", Cancel);

        await FailsAsync(400, () => client.SetSecretAsync("too-large", new string('x', (25 * 1024) + 1), Cancel), "BadParameter");
        await FailsAsync(400, () => client.SetSecretAsync("not_a_name", "x", Cancel), "BadParameter");
        await FailsAsync(400, () => client.SetSecretAsync(tagged, Cancel), "BadParameter");
        Assert.Equal("", (await client.GetSecretAsync("empty", cancellationToken: Cancel)).Value.Value);
    }

    [Fact]
    public async Task A_token_that_is_not_from_the_identity_is_refused()
    {
        await using var server = await SandboxServer.StartAsync(new SandboxOptions(), Cancel);
        var stranger = DelegatedTokenCredential.Create((_, _) => new AccessToken("a.b.c", TimeProvider.System.GetUtcNow().AddHours(1)));

        await FailsAsync(401, () => VaultClient.For(server, credential: stranger).SetSecretAsync("a", "1", Cancel), "Unauthorized");

        Assert.DoesNotContain(server.Journal.Entries, entry => entry.SecretName is not null);
    }

    [Fact]
    public async Task Vaults_do_not_share_secrets()
    {
        await using var server = await SandboxServer.StartAsync(new SandboxOptions { VaultPorts = [0, 0] }, Cancel);

        await VaultClient.For(server).SetSecretAsync("a", "1", Cancel);

        await FailsAsync(404, () => VaultClient.For(server, vault: 1).GetSecretAsync("a", cancellationToken: Cancel));
    }

    [Fact]
    public async Task A_key_phrase_fixes_the_pin()
    {
        await using var first = await SandboxServer.StartAsync(new SandboxOptions { CertificateKeyPhrase = "same" }, Cancel);
        await using var second = await SandboxServer.StartAsync(new SandboxOptions { CertificateKeyPhrase = "same" }, Cancel);
        await using var random = await SandboxServer.StartAsync(new SandboxOptions(), Cancel);

        Assert.Equal(first.VaultPublicKeyThumbprint, second.VaultPublicKeyThumbprint);
        Assert.NotEqual(first.VaultPublicKeyThumbprint, random.VaultPublicKeyThumbprint);
        await VaultClient.For(first).SetSecretAsync("a", "1", Cancel);
    }

    private static async Task<RequestFailedException> FailsAsync<T>(int status, Func<Task<T>> act, string? code = null)
    {
        var failure = await Assert.ThrowsAsync<RequestFailedException>(act);
        Assert.Equal(status, failure.Status);
        if (code is not null)
            Assert.Equal(code, failure.ErrorCode);
        return failure;
    }
}
