using Azure;
using Azure.Security.KeyVault.Secrets;

namespace FinxFunctions.Simulation.Tests.Contract;

/// <summary>
/// What the service relies on of Key Vault. The same tests run against the shelf in memory and, by the unmodified client, against the vault
/// in miniature.
/// </summary>
public abstract class SecretContract
{
    private const string NoVersion = "0123456789abcdef0123456789abcdef";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Of a vault that holds nothing.</summary>
    protected abstract SecretClient Vault { get; }

    [Fact]
    public async Task A_secret_comes_back_as_it_went()
    {
        var expiresOn = new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero);

        var written = await SetAsync(new KeyVaultSecret("name", "value ä") { Properties = { ContentType = "text/x", ExpiresOn = expiresOn, Tags = { ["generation"] = "1" } } });

        var read = await GetAsync("name");
        foreach (var seen in new[] { written, read })
        {
            Assert.Equal(("name", "value ä", "text/x", expiresOn, true), (seen.Name, seen.Value, seen.Properties.ContentType, seen.Properties.ExpiresOn, seen.Properties.Enabled));
            Assert.Equal([KeyValuePair.Create("generation", "1")], seen.Properties.Tags);
            Assert.Equal(new Uri(seen.Properties.VaultUri, $"secrets/name/{seen.Properties.Version}"), seen.Id);
            Assert.Matches("^[0-9a-f]{32}$", seen.Properties.Version);
        }

        Assert.Equal(written.Id, read.Id);
    }

    [Fact]
    public async Task Each_set_makes_a_version_and_all_stay_readable()
    {
        var first = await SetAsync("name", "one");
        var second = await SetAsync("name", "two");

        Assert.NotEqual(first.Properties.Version, second.Properties.Version);
        Assert.Equal("two", (await GetAsync("name")).Value);
        Assert.Equal("one", (await GetAsync("name", first.Properties.Version)).Value);
    }

    [Fact]
    public async Task Names_are_one_in_upper_and_in_lower_case()
    {
        await SetAsync("name", "one");

        Assert.Equal("one", (await GetAsync("NAME")).Value);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        await SetAsync("name", "one");

        await AssertRefusedAsync(404, "SecretNotFound", () => GetAsync("other"));
        await AssertRefusedAsync(404, "SecretNotFound", () => GetAsync("name", NoVersion));
        await AssertRefusedAsync(404, "SecretNotFound", () => DeleteAsync("other"));
    }

    [Fact]
    public async Task A_deleted_secret_is_gone_with_all_its_versions_and_its_name_stays_taken()
    {
        var version = (await SetAsync("name", "one")).Properties.Version;

        await DeleteAsync("name");

        await AssertRefusedAsync(404, "SecretNotFound", () => GetAsync("name"));
        await AssertRefusedAsync(404, "SecretNotFound", () => GetAsync("name", version));
        await AssertRefusedAsync(404, "SecretNotFound", () => DeleteAsync("name"));
        await AssertRefusedAsync(409, "Conflict", () => SetAsync("name", "two"));
    }

    [Fact]
    public async Task A_deleted_secret_is_recovered_with_all_its_versions()
    {
        var first = (await SetAsync("name", "one")).Properties.Version;
        await SetAsync("name", "two");
        await DeleteAsync("name");
        Pass(TimeSpan.FromMinutes(1));

        await Vault.StartRecoverDeletedSecretAsync("name", Cancel);

        Assert.Equal("two", (await GetAsync("name")).Value);
        Assert.Equal("one", (await GetAsync("name", first)).Value);
        await SetAsync("name", "three");
        await AssertRefusedAsync(404, "SecretNotFound", () => Vault.StartRecoverDeletedSecretAsync("name", Cancel));
    }

    [Fact]
    public async Task A_purged_secret_cannot_be_recovered_and_its_name_is_free()
    {
        await SetAsync("name", "one");
        await DeleteAsync("name");
        Pass(TimeSpan.FromMinutes(1));

        await Vault.PurgeDeletedSecretAsync("name", Cancel);

        await AssertRefusedAsync(404, "SecretNotFound", () => Vault.StartRecoverDeletedSecretAsync("name", Cancel));
        await SetAsync("name", "two");
    }

    [Fact]
    public async Task After_ninety_days_a_deleted_name_is_free()
    {
        await SetAsync("name", "one");
        await DeleteAsync("name");

        Pass(TimeSpan.FromDays(90) - TimeSpan.FromMinutes(1));
        await AssertRefusedAsync(409, "Conflict", () => SetAsync("name", "two"));
        Pass(TimeSpan.FromMinutes(2));
        await SetAsync("name", "two");

        Assert.Equal("two", (await GetAsync("name")).Value);
    }

    [Fact]
    public async Task A_list_names_what_is_there_in_the_order_of_names()
    {
        foreach (var name in new[] { "b", "c", "a", "d" })
        {
            await SetAsync(name, "value");
        }

        await DeleteAsync("d");

        Assert.Equal(["a", "b", "c"], await ListAsync());
    }

    [Fact]
    public async Task A_list_goes_on_from_page_to_page()
    {
        var names = Enumerable.Range(0, 30).Select(number => $"name-{number:D2}").ToList();
        foreach (var name in names)
        {
            await SetAsync(name, "value");
        }

        Assert.Equal(names, await ListAsync());
    }

    [Fact]
    public async Task A_value_has_up_to_25_KiB_in_UTF_8()
    {
        await SetAsync("name", new string('x', 25 * 1024));

        await AssertRefusedAsync(400, "BadParameter", () => SetAsync("name", new string('x', (25 * 1024) + 1)));
        await AssertRefusedAsync(400, "BadParameter", () => SetAsync("name", new string('ä', (25 * 512) + 1)));
    }

    [Theory]
    [InlineData("with_underscore")]
    [InlineData("with.dot")]
    public Task A_name_has_letters_digits_and_dashes(string name) => AssertRefusedAsync(400, "BadParameter", () => SetAsync(name, "value"));

    [Fact]
    public async Task And_up_to_127_of_them()
    {
        await SetAsync(new string('n', 127), "value");

        await AssertRefusedAsync(400, "BadParameter", () => SetAsync(new string('n', 128), "value"));
    }

    [Fact]
    public async Task A_secret_has_up_to_15_tags()
    {
        await SetAsync(WithTags(15));

        await AssertRefusedAsync(400, "BadParameter", () => SetAsync(WithTags(16)));

        static KeyVaultSecret WithTags(int count)
        {
            var secret = new KeyVaultSecret("name", "value");
            for (var tag = 0; tag < count; tag++)
            {
                secret.Properties.Tags[$"tag{tag}"] = "x";
            }

            return secret;
        }
    }

    /// <summary>Lets time pass in the vault.</summary>
    protected abstract void Pass(TimeSpan time);

    private static async Task AssertRefusedAsync(int status, string code, Func<Task> call)
    {
        var refusal = await Assert.ThrowsAnyAsync<RequestFailedException>(call);
        Assert.Equal((status, code), (refusal.Status, refusal.ErrorCode));
    }

    private Task<KeyVaultSecret> SetAsync(string name, string value) => SetAsync(new KeyVaultSecret(name, value));

    private async Task<KeyVaultSecret> SetAsync(KeyVaultSecret secret) => await Vault.SetSecretAsync(secret, Cancel);

    private async Task<KeyVaultSecret> GetAsync(string name, string? version = null) => await Vault.GetSecretAsync(name, version, cancellationToken: Cancel);

    private Task DeleteAsync(string name) => Vault.StartDeleteSecretAsync(name, Cancel);

    private async Task<IReadOnlyList<string>> ListAsync() => await Vault.GetPropertiesOfSecretsAsync(Cancel).Select(secret => secret.Name).ToListAsync(Cancel);
}
