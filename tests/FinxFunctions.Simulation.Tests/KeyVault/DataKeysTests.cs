using System.Security.Cryptography;
using Azure.Security.KeyVault.Secrets;
using FinxFunctions.KeyVault;
using FinxFunctions.Simulation.Tests.Staging;

namespace FinxFunctions.Simulation.Tests.KeyVault;

public sealed class DataKeysTests
{
    private readonly Scenario _scenario = new();

    private int Gets => _scenario.Script.Calls.Count(call => call == "get");

    [Fact]
    public void The_key_is_made_on_first_need_and_found_by_others()
    {
        var key = Current(_scenario);

        var secret = _scenario.Vaults[0].Get(DataKeys.SecretName, null);
        Assert.Equal(secret.Id, key.Id);
        Assert.Equal(AesGcmCipher.KeySize, Convert.FromBase64String(secret.Value).Length);
        Assert.Equal("application/octet-stream;base64", secret.Properties.ContentType);
        Assert.Equal(key.Id, Current(_scenario.OtherProcess()).Id);
        Assert.Equal(["get", "set"], _scenario.Script.Calls);
    }

    [Fact]
    public void What_one_process_encrypts_another_decrypts_with_one_read_of_the_key()
    {
        var value = Current(_scenario).Encrypt("theirs", Pairs.Id);
        var other = _scenario.OtherProcess();

        Assert.Equal("theirs", Open(other, value));
        Assert.Equal("theirs", Open(other, value));

        Assert.Equal(["get"], other.Script.Calls);
    }

    [Fact]
    public void What_was_encrypted_for_a_generation_can_be_decrypted_for_no_other()
    {
        var value = Current(_scenario).Encrypt("answer"u8, Pairs.Id, 2);

        Assert.Equal("answer"u8, _scenario.Do((DataKeys dataKeys) => dataKeys.DecryptAsync(value, Pairs.Id, 2, CancellationToken.None)));
        Assert.Throws<AuthenticationTagMismatchException>(() => _scenario.Do((DataKeys dataKeys) => dataKeys.DecryptAsync(value, Pairs.Id, 3, CancellationToken.None)));
    }

    [Fact]
    public void A_new_version_is_noticed_after_an_hour_and_the_former_still_decrypts()
    {
        var former = Current(_scenario).Encrypt("theirs", Pairs.Id);
        var version = _scenario.Vaults[0].Set(new KeyVaultSecret(DataKeys.SecretName, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))));
        _scenario.Pass(TimeSpan.FromMinutes(59));
        Assert.Equal(former.KeyId, Current(_scenario).Id);
        _scenario.Script.Forget();

        _scenario.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(version.Id, Current(_scenario).Id);
        Assert.Equal(version.Id, Current(_scenario).Id);

        Assert.Equal(1, Gets);
        version = _scenario.Vaults[0].Set(new KeyVaultSecret(DataKeys.SecretName, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))));
        _scenario.Pass(TimeSpan.FromHours(2));
        Assert.Equal(version.Id, Current(_scenario).Id);
        Assert.Equal("theirs", Open(_scenario, former));
        Assert.Equal("theirs", Open(_scenario.OtherProcess(), former));
    }

    [Fact]
    public void A_vault_that_is_down_does_not_take_away_a_key_in_hand()
    {
        var key = Current(_scenario);
        _scenario.Pass(TimeSpan.FromHours(1));
        _scenario.Script.On("get", ScriptedFault.Fails(), times: int.MaxValue);
        _scenario.Script.Forget();

        Assert.Equal(key.Id, Current(_scenario).Id);
        Assert.Equal(key.Id, Current(_scenario).Id);

        Assert.Equal(1, Gets);
    }

    [Fact]
    public void Before_any_key_is_known_a_vault_that_is_down_is_an_error_and_not_for_good()
    {
        _scenario.Script.On("get", ScriptedFault.Fails());

        Assert.Throws<VaultException>(() => Current(_scenario));

        Assert.NotNull(Current(_scenario));
    }

    [Fact]
    public void Many_who_need_the_key_at_once_ask_for_it_once()
    {
        var keys = Enumerable.Range(0, 5).Select(_ => _scenario.Begin((DataKeys dataKeys) => dataKeys.CurrentAsync(CancellationToken.None))).ToList();

        Assert.Single(keys.Select(key => _scenario.Await(key).Id).Distinct());
        Assert.Equal(["get", "set"], _scenario.Script.Calls);

        // And so when the hour is over.
        _scenario.Pass(TimeSpan.FromHours(1));
        _scenario.Script.Forget();
        keys = [.. Enumerable.Range(0, 5).Select(_ => _scenario.Begin((DataKeys dataKeys) => dataKeys.CurrentAsync(CancellationToken.None)))];
        Assert.Single(keys.Select(key => _scenario.Await(key).Id).Distinct());
        Assert.Equal(1, Gets);
    }

    [Fact]
    public void Two_processes_that_make_the_key_at_once_both_read_what_either_encrypted()
    {
        var other = _scenario.OtherProcess();
        var (mine, its) = (_scenario.Begin((DataKeys dataKeys) => dataKeys.CurrentAsync(CancellationToken.None)), other.Begin((DataKeys dataKeys) => dataKeys.CurrentAsync(CancellationToken.None)));
        var (one, two) = (_scenario.Await(mine), _scenario.Await(its));

        Assert.NotEqual(one.Id, two.Id);
        Assert.Equal("1", Open(other, one.Encrypt("1", Pairs.Id)));
        Assert.Equal("2", Open(_scenario, two.Encrypt("2", Pairs.Id)));
    }

    [Fact]
    public void Without_its_key_nothing_can_be_decrypted()
    {
        var value = Current(_scenario).Encrypt("theirs", Pairs.Id);
        var other = _scenario.OtherProcess();
        other.Script.On("get", ScriptedFault.Fails());

        Assert.Throws<VaultException>(() => Open(other, value));
    }

    [Theory]
    [InlineData("nonsense!")]
    [InlineData("")]
    [InlineData("AAAA")]
    public void A_secret_that_holds_no_key_is_the_vaults_failure(string value)
    {
        var odd = _scenario.Vaults[0].Set(new KeyVaultSecret(DataKeys.SecretName, value));

        Assert.Throws<VaultException>(() => Current(_scenario));
        Assert.Throws<VaultException>(() => Open(_scenario, new EncryptedValue(odd.Id, [1])));
        Assert.Throws<VaultException>(() => Open(_scenario, new EncryptedValue(new Uri("https://one.vault.azure.net/nonsense"), [1])));
    }

    [Fact]
    public void A_deleted_key_is_recovered_and_no_second_one_is_made()
    {
        var value = Current(_scenario).Encrypt("theirs", Pairs.Id);
        _scenario.Vaults[0].Delete(DataKeys.SecretName);
        var other = _scenario.OtherProcess();

        Assert.Equal(value.KeyId, Current(other).Id);

        Assert.Equal("theirs", Open(other, value));
        Assert.Equal([94], other.Events);
    }

    [Fact]
    public void A_vault_that_was_restored_without_the_key_gets_another_for_new_values_and_says_so()
    {
        var empty = _scenario.Vaults[0].Snapshot();
        var value = Current(_scenario).Encrypt("theirs", Pairs.Id);
        _scenario.Vaults[0].Restore(empty);
        _scenario.Pass(TimeSpan.FromHours(1));

        Assert.NotEqual(value.KeyId, Current(_scenario).Id);

        Assert.Equal([93], _scenario.Events);
        Assert.Equal("theirs", Open(_scenario, value));
        var other = _scenario.OtherProcess();
        Assert.Throws<VaultException>(() => Open(other, value));
        Assert.Throws<VaultException>(() => Open(other, value));
        Assert.Equal([92], other.Events);
    }

    [Fact]
    public void A_gateways_404_makes_no_key()
    {
        _scenario.Script.On("get", ScriptedFault.Fails(404));

        Assert.Throws<VaultException>(() => Current(_scenario));
        Assert.Equal(["get"], _scenario.Script.Calls);
    }

    [Fact]
    public void It_ends_with_the_process()
    {
        _scenario.Get<DataKeys>().Dispose();

        Assert.Throws<ObjectDisposedException>(() => Current(_scenario));
    }

    private static DataKey Current(Scenario scenario) => scenario.Do((DataKeys dataKeys) => dataKeys.CurrentAsync(CancellationToken.None));

    private static string Open(Scenario scenario, EncryptedValue value) => scenario.Do((DataKeys dataKeys) => dataKeys.DecryptTextAsync(value, Pairs.Id, CancellationToken.None));
}
