using System.Security.Cryptography;
using Azure.Security.KeyVault.Secrets;
using Finx.Tokens;
using FinxFunctions.Simulation.Tests.Staging;

namespace FinxFunctions.Simulation.Tests.Tokens;

public sealed class SealerTests
{
    private readonly Stage _stage = new();

    private int Gets => _stage.Script.Calls.Count(call => call == "get");

    [Fact]
    public void The_key_is_made_on_first_need_and_found_by_others()
    {
        var key = Current(_stage);

        var secret = _stage.Vaults[0].Get(Sealer.SecretName, null);
        Assert.Equal(secret.Id, key.Id);
        Assert.Equal(AesSeal.KeySize, Convert.FromBase64String(secret.Value).Length);
        Assert.Equal("application/octet-stream;base64", secret.Properties.ContentType);
        Assert.Equal(key.Id, Current(_stage.Twin()).Id);
        Assert.Equal(["get", "set"], _stage.Script.Calls);
    }

    [Fact]
    public void What_one_process_seals_another_opens_asking_for_the_key_once()
    {
        var value = Current(_stage).Seal("theirs", Pairs.Id);
        var twin = _stage.Twin();

        Assert.Equal("theirs", Open(twin, value));
        Assert.Equal("theirs", Open(twin, value));

        Assert.Equal(["get"], twin.Script.Calls);
    }

    [Fact]
    public void What_was_sealed_for_a_generation_opens_for_no_other()
    {
        var value = Current(_stage).Seal("answer"u8, Pairs.Id, 2);

        Assert.Equal("answer"u8, _stage.Do((Sealer sealer) => sealer.OpenAsync(value, Pairs.Id, 2, CancellationToken.None)));
        Assert.Throws<AuthenticationTagMismatchException>(() => _stage.Do((Sealer sealer) => sealer.OpenAsync(value, Pairs.Id, 3, CancellationToken.None)));
    }

    [Fact]
    public void A_new_version_is_noticed_after_an_hour_and_the_former_still_opens()
    {
        var former = Current(_stage).Seal("theirs", Pairs.Id);
        var version = _stage.Vaults[0].Set(new KeyVaultSecret(Sealer.SecretName, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))));
        _stage.Pass(TimeSpan.FromMinutes(59));
        Assert.Equal(former.KeyId, Current(_stage).Id);
        _stage.Script.Forget();

        _stage.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(version.Id, Current(_stage).Id);
        Assert.Equal(version.Id, Current(_stage).Id);

        Assert.Equal(1, Gets);
        version = _stage.Vaults[0].Set(new KeyVaultSecret(Sealer.SecretName, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))));
        _stage.Pass(TimeSpan.FromHours(2));
        Assert.Equal(version.Id, Current(_stage).Id);
        Assert.Equal("theirs", Open(_stage, former));
        Assert.Equal("theirs", Open(_stage.Twin(), former));
    }

    [Fact]
    public void A_vault_that_is_down_does_not_take_away_a_key_in_hand()
    {
        var key = Current(_stage);
        _stage.Pass(TimeSpan.FromHours(1));
        _stage.Script.On("get", Mishap.Fails(), times: int.MaxValue);
        _stage.Script.Forget();

        Assert.Equal(key.Id, Current(_stage).Id);
        Assert.Equal(key.Id, Current(_stage).Id);

        Assert.Equal(1, Gets);
    }

    [Fact]
    public void Before_any_key_is_known_a_vault_that_is_down_is_an_error_and_not_for_good()
    {
        _stage.Script.On("get", Mishap.Fails());

        Assert.Throws<VaultException>(() => Current(_stage));

        Assert.NotNull(Current(_stage));
    }

    [Fact]
    public void Many_who_need_the_key_at_once_ask_for_it_once()
    {
        var keys = Enumerable.Range(0, 5).Select(_ => _stage.Begin((Sealer sealer) => sealer.CurrentAsync(CancellationToken.None))).ToList();

        Assert.Single(keys.Select(key => _stage.Await(key).Id).Distinct());
        Assert.Equal(["get", "set"], _stage.Script.Calls);

        // And so when the hour is over.
        _stage.Pass(TimeSpan.FromHours(1));
        _stage.Script.Forget();
        keys = [.. Enumerable.Range(0, 5).Select(_ => _stage.Begin((Sealer sealer) => sealer.CurrentAsync(CancellationToken.None)))];
        Assert.Single(keys.Select(key => _stage.Await(key).Id).Distinct());
        Assert.Equal(1, Gets);
    }

    [Fact]
    public void Two_processes_that_make_the_key_at_once_both_read_what_either_sealed()
    {
        var twin = _stage.Twin();
        var (mine, its) = (_stage.Begin((Sealer sealer) => sealer.CurrentAsync(CancellationToken.None)), twin.Begin((Sealer sealer) => sealer.CurrentAsync(CancellationToken.None)));
        var (one, other) = (_stage.Await(mine), _stage.Await(its));

        Assert.NotEqual(one.Id, other.Id);
        Assert.Equal("1", Open(twin, one.Seal("1", Pairs.Id)));
        Assert.Equal("2", Open(_stage, other.Seal("2", Pairs.Id)));
    }

    [Fact]
    public void A_key_that_is_not_to_be_had_leaves_what_was_sealed_shut()
    {
        var value = Current(_stage).Seal("theirs", Pairs.Id);
        var twin = _stage.Twin();
        twin.Script.On("get", Mishap.Fails());

        Assert.Throws<VaultException>(() => Open(twin, value));
    }

    [Fact]
    public void It_ends_with_the_process()
    {
        _stage.Get<Sealer>().Dispose();

        Assert.Throws<ObjectDisposedException>(() => Current(_stage));
    }

    private static SealingKey Current(Stage stage) => stage.Do((Sealer sealer) => sealer.CurrentAsync(CancellationToken.None));

    private static string Open(Stage stage, Sealed value) => stage.Do((Sealer sealer) => sealer.OpenTextAsync(value, Pairs.Id, CancellationToken.None));
}
