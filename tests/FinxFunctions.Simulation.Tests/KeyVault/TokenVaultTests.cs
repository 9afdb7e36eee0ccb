using System.Text.Json;
using Azure.Security.KeyVault.Secrets;
using FinxFunctions.KeyVault;
using FinxFunctions.Primitives;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.StandIns;
using FinxFunctions.State;

namespace FinxFunctions.Simulation.Tests.KeyVault;

public sealed class TokenVaultTests
{
    /// <summary>A pair that is larger than a secret may be.</summary>
    private const int TooMuch = 25_001;

    private readonly Scenario _scenario = new();
    private readonly Connection _row;

    public TokenVaultTests() => _row = new Connection { Id = Pairs.Id, CallerId = "caller", UserKey = "user", CreatedAt = _scenario.Now, Vault = Address };

    private static Uri Address => new("https://one.vault.azure.net/");

    private InMemoryVault Shelf => _scenario.Vaults[0];

    [Theory]
    [InlineData(1, "connection-0123456789abcdef0123456789abcdef-0")]
    [InlineData(255, "connection-0123456789abcdef0123456789abcdef-0")]
    [InlineData(256, "connection-0123456789abcdef0123456789abcdef-1")]
    [InlineData(600, "connection-0123456789abcdef0123456789abcdef-2")]
    public void A_name_serves_256_generations(int generation, string name) => Assert.Equal(name, TokenVault.NameOf(Pairs.Id, generation));

    [Fact]
    public void A_pair_is_one_secret_version_without_personal_data()
    {
        var pair = PairOf(300);

        var stored = Set(pair);

        var secret = Shelf.Get(TokenVault.NameOf(Pairs.Id, 300), null);
        Assert.Equal(stored, new StoredTokenPair(secret.Id, null));
        Assert.Equal("application/vnd.finxfunctions.token-pair+json", secret.Properties.ContentType);
        Assert.Equal(pair.RefreshExpiresAt, secret.Properties.ExpiresOn);
        Assert.Equal([KeyValuePair.Create("generation", "300")], secret.Properties.Tags);
        Assert.Equal(pair, Get(stored.SecretId, null));
    }

    [Fact]
    public void Each_version_stays_readable()
    {
        var first = Set(PairOf(1));
        Set(PairOf(2));

        Assert.Equal(1, Get(first.SecretId, null).Generation);
    }

    [Fact]
    public void As_much_as_a_secret_holds_is_one_secret()
    {
        var pair = PairOf(1, TooMuch - 1);

        var stored = Set(pair);

        Assert.Null(stored.Overflow);
        Assert.Equal(pair, Get(stored.SecretId, null));
    }

    [Fact]
    public void A_larger_pair_is_encrypted_under_a_key_that_is_the_secret()
    {
        var pair = PairOf(1, TooMuch);

        var stored = Set(pair);

        var secret = Shelf.Get(TokenVault.NameOf(Pairs.Id, 1), null);
        Assert.Equal("application/vnd.finxfunctions.token-pair-key", secret.Properties.ContentType);
        Assert.Equal(AesGcmCipher.KeySize, Convert.FromBase64String(secret.Value).Length);
        Assert.Equal(pair, Get(stored.SecretId, stored.Overflow));
        Assert.Equal(pair, JsonSerializer.Deserialize(AesGcmCipher.Decrypt(Convert.FromBase64String(secret.Value), stored.Overflow, "overflow"u8), TokenPairJson.Default.TokenPair));
    }

    [Fact]
    public void No_two_larger_pairs_share_a_key()
    {
        Set(PairOf(1, TooMuch));
        var one = Shelf.Get(TokenVault.NameOf(Pairs.Id, 1), null).Value;
        Set(PairOf(1, TooMuch));

        Assert.NotEqual(one, Shelf.Get(TokenVault.NameOf(Pairs.Id, 1), null).Value);
    }

    [Fact]
    public void Without_its_larger_part_a_pair_cannot_be_read()
    {
        var stored = Set(PairOf(1, TooMuch));

        var failure = Assert.Throws<VaultException>(() => Get(stored.SecretId, null));

        Assert.Equal($"Secret {TokenVault.NameOf(Pairs.Id, 1)} holds no token pair.", Assert.IsType<InvalidDataException>(failure.InnerException).Message);
    }

    [Fact]
    public void The_pair_of_a_generation_is_found_where_it_reached_the_vault()
    {
        var stored = Set(PairOf(2));

        Assert.Equal((PairOf(2), stored.SecretId), Find(2));
        Assert.Null(Find(3));
        Assert.Null(Find(256));
    }

    [Fact]
    public void Half_a_pair_is_not_found()
    {
        Set(PairOf(1, TooMuch));

        Assert.Null(Find(1));
    }

    [Fact]
    public void What_else_lies_there_is_not_found()
    {
        Shelf.Set(new KeyVaultSecret(TokenVault.NameOf(Pairs.Id, 1), JsonSerializer.Serialize(PairOf(1), TokenPairJson.Default.TokenPair)));

        Assert.Null(Find(1));
    }

    [Fact]
    public void That_a_vault_is_down_does_not_mean_that_there_is_nothing()
    {
        _scenario.Script.On("get", ScriptedFault.Fails(), times: 2);

        Assert.Throws<VaultException>(() => Find(1));
        Assert.Throws<VaultException>(() => Get(new Uri(Address, "secrets/name/version"), null));
    }

    [Fact]
    public void A_deleted_secret_is_gone_and_to_delete_it_again_is_no_error()
    {
        Set(PairOf(1));

        Delete(1);
        Delete(1);

        Assert.Null(Find(1));
        Assert.Empty(Shelf.Names);
    }

    [Fact]
    public void A_secret_that_is_being_deleted_need_not_be()
    {
        _scenario.Script.On("delete", ScriptedFault.Fails(409));

        Delete(1);

        Assert.Equal(["delete"], _scenario.Script.Calls);
    }

    [Fact]
    public void A_deletion_that_failed_is_an_error()
    {
        _scenario.Script.On("delete", ScriptedFault.Fails());

        Assert.Throws<VaultException>(() => Delete(1));
    }

    private StoredTokenPair Set(TokenPair pair) => _scenario.Do((TokenVault vault) => vault.SetAsync(Address, pair, CancellationToken.None));

    private TokenPair Get(Uri secretId, byte[]? overflow) => _scenario.Do((TokenVault vault) => vault.GetAsync(secretId, overflow, CancellationToken.None));

    private (TokenPair Pair, Uri SecretId)? Find(int generation) => _scenario.Do((TokenVault vault) => vault.FindAsync(_row.Vault, _row.Id, generation, CancellationToken.None));

    private void Delete(int generation) => _scenario.Do((TokenVault vault) => vault.DeleteAsync(Address, TokenVault.NameOf(Pairs.Id, generation), CancellationToken.None));

    /// <param name="size">Of its JSON.</param>
    private TokenPair PairOf(int generation, int? size = null)
    {
        var pair = Pairs.Of(generation, _row.CreatedAt, TimeSpan.FromHours(1), "");
        var more = size - JsonSerializer.SerializeToUtf8Bytes(pair, TokenPairJson.Default.TokenPair).Length;
        return pair with { AccessToken = new Secret(new string('a', more ?? 6)) };
    }
}
