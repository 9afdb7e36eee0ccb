using Azure;
using Azure.Security.KeyVault.Secrets;
using FinxFunctions.KeyVault;
using FinxFunctions.Primitives;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.StandIns;

namespace FinxFunctions.Simulation.Tests.KeyVault;

/// <summary>The newest pair of a connection, where its row or the vault is older, or a secret is missing.</summary>
public sealed class LatestPairTests
{
    private const string PairContentType = "application/vnd.finxfunctions.token-pair+json";

    private static readonly Uri Address = new("https://one.vault.azure.net/");

    private readonly Scenario _scenario = new();

    private InMemoryVault Shelf => _scenario.Vaults[0];

    [Fact]
    public void The_pair_that_the_row_names_costs_one_call()
    {
        Set(1);
        var second = Set(2);
        _scenario.Script.Forget();

        Assert.Equal(new FoundPair(PairOf(2), second, IsNewer: false), Latest(2, second));
        Assert.Equal(["get"], _scenario.Script.Calls);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(1, 5)]
    [InlineData(254, 255)]
    [InlineData(255, 256)]
    [InlineData(255, 300)]
    [InlineData(200, 511)]
    [InlineData(200, 512)]
    public void A_newer_pair_wins_over_an_older_row(int generation, int newer)
    {
        var row = Set(generation);
        for (var next = generation + 1; next <= newer; next++)
        {
            Set(next);
        }

        Assert.Equal((newer, true), Facts(Latest(generation, row)));
    }

    [Fact]
    public void A_newer_pair_is_found_though_the_name_of_the_row_was_deleted()
    {
        var row = Set(255);
        Set(257);
        Shelf.Delete(TokenVault.NameOf(Pairs.Id, 255));

        Assert.Equal((257, true), Facts(Latest(255, row)));
        Assert.Equal((257, true), Facts(Latest(0, null)));
    }

    [Fact]
    public void Another_version_of_the_same_generation_gives_way_to_the_exact_one()
    {
        var exact = Set(2);
        Set(2);

        Assert.Equal(new FoundPair(PairOf(2), exact, IsNewer: false), Latest(2, exact));
    }

    [Fact]
    public void And_will_do_where_the_exact_one_is_missing()
    {
        var other = Set(2);

        Assert.Equal(new FoundPair(PairOf(2), other, IsNewer: false), Latest(2, Missing(2)));
    }

    [Fact]
    public void A_lower_generation_will_not_because_it_is_spent()
    {
        Set(2);

        Assert.Null(Latest(3, Missing(3)));
    }

    [Fact]
    public void A_vault_that_was_failed_over_to_an_older_copy_has_lost_the_pair()
    {
        Set(1);
        var copy = Shelf.Snapshot();
        var second = Set(2);
        Shelf.Restore(copy);

        Assert.Null(Latest(2, second));
    }

    [Fact]
    public void A_deleted_secret_is_recovered()
    {
        var pair = Set(2);
        Shelf.Delete(TokenVault.NameOf(Pairs.Id, 2));

        Assert.Equal((2, false), Facts(Latest(2, pair)));
        Assert.Equal([TokenVault.NameOf(Pairs.Id, 2)], Shelf.Names);
    }

    [Fact]
    public void A_purged_secret_is_lost()
    {
        var pair = Set(2);
        Shelf.Delete(TokenVault.NameOf(Pairs.Id, 2));
        Shelf.Purge(TokenVault.NameOf(Pairs.Id, 2));

        Assert.Null(Latest(2, pair));
        Assert.Null(Latest(0, null));
    }

    [Fact]
    public void A_recovery_that_takes_longer_is_not_a_loss()
    {
        var pair = Set(2);
        Shelf.Delete(TokenVault.NameOf(Pairs.Id, 2));
        _scenario.Script.On("get", ScriptedFault.Throws(NotFound()), skip: 3, times: 100);

        Assert.Throws<VaultException>(() => Latest(2, pair));
        _scenario.Script.Clear();
        Assert.Equal((2, false), Facts(Latest(2, pair)));
    }

    [Theory]
    [InlineData("get", 0)]
    [InlineData("get", 1)]
    [InlineData("get", 2)]
    [InlineData("recover", 0)]
    public void No_failure_is_taken_for_a_missing_secret(string operation, int skip)
    {
        foreach (var failure in Failures())
        {
            _scenario.Script.Clear();
            _scenario.Script.On(operation, ScriptedFault.Throws(failure), skip);

            Assert.Throws<VaultException>(() => Latest(2, Missing(2)));
        }
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"connection_id":"other","generation":2}""")]
    public void A_secret_with_odd_content_is_the_vaults_failure_and_not_a_loss(string value)
    {
        var odd = Put(2, value);

        Assert.Throws<VaultException>(() => Latest(2, odd));
        Assert.Throws<VaultException>(() => Latest(1, Missing(1)));
        Assert.Throws<VaultException>(() => Find(2));
    }

    [Fact]
    public void What_else_an_operator_put_there_does_not_hide_the_pair()
    {
        var pair = Set(2);
        Shelf.Set(new KeyVaultSecret(TokenVault.NameOf(Pairs.Id, 2), "a note"));

        Assert.Equal((2, false), Facts(Latest(2, pair)));
    }

    [Fact]
    public void A_pair_larger_than_a_secret_is_read_with_its_overflow()
    {
        var stored = SetLarge(2);

        Assert.Equal((2, false), Facts(Latest(2, stored.SecretId, stored.Overflow)));
        Assert.Throws<VaultException>(() => Latest(2, stored.SecretId));
        Assert.Equal((2, false), Facts(Latest(2, Set(2), stored.Overflow)));
    }

    [Fact]
    public void A_newer_pair_without_its_overflow_cannot_be_adopted()
    {
        var pair = Set(2);
        SetLarge(3);

        Assert.Equal((2, false), Facts(Latest(2, pair)));
    }

    [Theory]
    [InlineData("https://one.vault.azure.net/nonsense")]
    [InlineData("https://three.vault.azure.net/secrets/a/b")]
    public void A_row_that_names_no_secret_of_ours_is_no_loss(string secretId) => Assert.Throws<VaultException>(() => Latest(2, new Uri(secretId)));

    private static IEnumerable<Exception> Failures() =>
    [
        new RequestFailedException(404, "A gateway's page."),
        new RequestFailedException(403, "No.", "Forbidden", null),
        new RequestFailedException(503, "Not now."),
        SdkFailure.After(SdkFailure.NoAnswer),
        SdkFailure.After(SdkFailure.BrokeOff),
        new UriFormatException(),
    ];

    private static RequestFailedException NotFound() => new(404, "None.", "SecretNotFound", null);

    private static (int Generation, bool IsNewer) Facts(FoundPair? found) => (found!.Pair.Generation, found.IsNewer);

    private static Uri Missing(int generation) => new(Address, $"secrets/{TokenVault.NameOf(Pairs.Id, generation)}/0123456789abcdef0123456789abcdef");

    private TokenPair PairOf(int generation) => Pairs.Of(generation, _scenario.Now.Date, TimeSpan.FromHours(1), "access");

    private Uri Set(int generation) => Store(PairOf(generation)).SecretId;

    private StoredTokenPair SetLarge(int generation) => Store(PairOf(generation) with { AccessToken = new Secret(new string('a', 30_000)) });

    private StoredTokenPair Store(TokenPair pair) => _scenario.Do((TokenVault vault) => vault.SetAsync(Address, pair, CancellationToken.None));

    private Uri Put(int generation, string value) => Shelf.Set(new KeyVaultSecret(TokenVault.NameOf(Pairs.Id, generation), value)
    {
        Properties = { ContentType = PairContentType, Tags = { ["generation"] = $"{generation}" } },
    }).Id;

    private FoundPair? Latest(int generation, Uri? secretId, byte[]? overflow = null) =>
        _scenario.Do((TokenVault vault) => vault.LatestAsync(new KnownPair(Address, Pairs.Id, generation, secretId, overflow), CancellationToken.None));

    private (TokenPair Pair, Uri SecretId)? Find(int generation) => _scenario.Do((TokenVault vault) => vault.FindAsync(Address, Pairs.Id, generation, CancellationToken.None));
}
