using FinxFunctions.KeyVault;
using FinxFunctions.Rotation;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.State;

namespace FinxFunctions.Simulation.Tests.Rotation;

/// <summary>What pair an answer of finX makes.</summary>
public sealed class TokenPairReaderTests
{
    private const string Bare = """{"access_token":"~token~access"}""";

    [Fact]
    public void Where_a_refresh_brings_no_refresh_token_the_old_one_stays_with_what_is_left_of_its_life()
    {
        var scenario = new Scenario();
        var id = scenario.Connect();
        var old = scenario.Pair(id);
        scenario.Pass(TimeSpan.FromDays(3));
        scenario.Script.On("token", ScriptedFault.Grants(Bare));

        var pair = Rotate(scenario, id);

        Assert.Equal((old.RefreshToken, old.RefreshIssuedAt, old.RefreshExpiresAt), (pair.RefreshToken, pair.RefreshIssuedAt, pair.RefreshExpiresAt));
        Assert.Equal("~token~access", pair.AccessToken.Reveal());
        Assert.True(pair.ObtainedAt > old.ObtainedAt.AddDays(2));
        Assert.Equal(old.RefreshExpiresAt, scenario.Connection(id).RefreshExpiresAt);
    }

    [Fact]
    public void What_finX_does_not_say_is_taken_from_settings_and_from_before()
    {
        var scenario = new Scenario(("Finx:AccessTokenLifetime", "00:20:00"));
        var id = scenario.Connect();
        scenario.Script.On("token", ScriptedFault.Grants(Bare));

        var pair = Rotate(scenario, id);

        Assert.Equal(pair.ObtainedAt.AddMinutes(20), pair.AccessExpiresAt);
        Assert.Equal(("Bearer", "accounts=ro transactions=ro offline"), (pair.TokenType, pair.Scope));
    }

    [Fact]
    public void What_finX_says_counts()
    {
        var scenario = new Scenario();
        var id = scenario.Connect();
        scenario.Script.On("token", ScriptedFault.Grants("""{"access_token":"~token~a","token_type":"Other","expires_in":120,"refresh_token":"~token~r","scope":"accounts=ro"}"""));

        var pair = Rotate(scenario, id);

        Assert.Equal((pair.ObtainedAt.AddMinutes(2), "Other", "accounts=ro", "~token~r"), (pair.AccessExpiresAt, pair.TokenType, pair.Scope, pair.RefreshToken!.Reveal()));
        Assert.Equal((pair.ObtainedAt, pair.ObtainedAt.AddDays(90)), (pair.RefreshIssuedAt, pair.RefreshExpiresAt));
        Assert.Equal("accounts=ro", scenario.Connection(id).Scope);
    }

    [Fact]
    public void Lives_count_from_the_answer()
    {
        var scenario = new Scenario();
        var id = scenario.Connect();
        scenario.Script.On("token", ScriptedFault.Late(TimeSpan.FromSeconds(20)));
        var began = scenario.Now;

        Assert.InRange(Rotate(scenario, id).ObtainedAt - began, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(20.1));
    }

    [Fact]
    public void A_code_without_a_refresh_token_gives_one_access_token()
    {
        var scenario = new Scenario();

        var pair = scenario.Pair(scenario.Connect(ScriptedFault.Grants(Bare)));

        Assert.Null(pair.RefreshToken);
        Assert.Equal(pair.AccessExpiresAt, pair.RefreshExpiresAt);
    }

    [Fact]
    public void A_renewal_without_a_refresh_token_does_not_bring_the_old_one_back()
    {
        var scenario = new Scenario();
        var id = scenario.Connect();
        var link = scenario.CreateLink(id);
        scenario.Script.On("token", ScriptedFault.Grants(Bare));

        scenario.Return(scenario.Finish(link));
        scenario.Settle();

        Assert.Null(scenario.Pair(id).RefreshToken);
    }

    [Fact]
    public void Where_a_rotation_does_not_restart_the_life_the_first_end_stays_and_a_renewal_moves_it()
    {
        var scenario = new Scenario(("Finx:RotationRestartsLifetime", "false"));
        var id = scenario.Connect();
        var end = scenario.Connection(id).RefreshExpiresAt!.Value;
        scenario.Pass(TimeSpan.FromDays(5));

        Assert.Equal(end, Rotate(scenario, id).RefreshExpiresAt);

        scenario.Return(scenario.Finish(scenario.CreateLink(id)));
        scenario.Settle();
        Assert.InRange(scenario.Pair(id).RefreshExpiresAt, end.AddDays(5), end.AddDays(5).AddMinutes(1));
    }

    [Fact]
    public void Where_no_end_is_known_it_is_counted_from_now()
    {
        var scenario = new Scenario(("Finx:RotationRestartsLifetime", "false"));
        var id = scenario.Connect();
        scenario.Change(id, row => row with { RefreshExpiresAt = null });

        var pair = Rotate(scenario, id);

        Assert.Equal(pair.ObtainedAt.AddDays(90), pair.RefreshExpiresAt);
    }

    [Fact]
    public void An_answer_that_cannot_be_read_leaves_the_committed_pair_the_current_one()
    {
        var scenario = new Scenario();
        var id = scenario.Connect();
        var dataKey = scenario.Do((DataKeys dataKeys) => dataKeys.CurrentAsync(CancellationToken.None));
        var snapshot = scenario.Snapshot(id);
        var lease = new Lease
        {
            ConnectionId = id,
            Kind = LeaseKind.Refresh,
            FromGeneration = 1,
            AttemptId = "a",
            Holder = "o",
            ExpiresAt = scenario.Now,
            StartedAt = scenario.Now,
            PresentedAt = scenario.Now,
        };

        var pair = Current(scenario, snapshot with { Lease = lease with { Answer = dataKey.Encrypt("<html>"u8, id, 2) } });
        var next = Current(scenario, snapshot with { Lease = lease with { Answer = dataKey.Encrypt("""{"access_token":"a","refresh_token":"r"}"""u8, id, 2) } });

        Assert.Equal(1, pair!.Generation);
        Assert.Equal((2, lease.PresentedAt), (next!.Generation, next.ObtainedAt));
        Assert.Null(Current(scenario, snapshot with { Connection = snapshot.Connection with { SecretId = null } }));
    }

    private static TokenPair? Current(Scenario scenario, ConnectionSnapshot snapshot) => scenario.Do((TokenPairReader pairs) => pairs.CurrentAsync(snapshot, CancellationToken.None));

    private static TokenPair Rotate(Scenario scenario, string id)
    {
        var rotated = Assert.IsType<RotationOutcome.Rotated>(scenario.Refresh(id)).Pair;
        Assert.Equal(rotated, scenario.Pair(id));
        return rotated;
    }
}
