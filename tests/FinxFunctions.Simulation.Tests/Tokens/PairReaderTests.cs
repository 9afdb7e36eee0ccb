using Finx.Tokens;
using FinxFunctions.Simulation.Tests.Staging;

namespace FinxFunctions.Simulation.Tests.Tokens;

/// <summary>What pair an answer of finX makes.</summary>
public sealed class PairReaderTests
{
    private const string Bare = """{"access_token":"~token~access"}""";

    [Fact]
    public void Where_a_refresh_brings_no_refresh_token_the_old_one_stays_with_what_is_left_of_its_life()
    {
        var stage = new Stage();
        var id = stage.Connect();
        var old = stage.Pair(id);
        stage.Pass(TimeSpan.FromDays(3));
        stage.Script.On("token", Mishap.Grants(Bare));

        var pair = Rotate(stage, id);

        Assert.Equal((old.RefreshToken, old.RefreshIssuedAt, old.RefreshExpiresAt), (pair.RefreshToken, pair.RefreshIssuedAt, pair.RefreshExpiresAt));
        Assert.Equal("~token~access", pair.AccessToken.Reveal());
        Assert.True(pair.ObtainedAt > old.ObtainedAt.AddDays(2));
        Assert.Equal(old.RefreshExpiresAt, stage.Connection(id).RefreshExpiresAt);
    }

    [Fact]
    public void What_finX_does_not_say_is_taken_from_settings_and_from_before()
    {
        var stage = new Stage(("Finx:AccessTokenLifetime", "00:20:00"));
        var id = stage.Connect();
        stage.Script.On("token", Mishap.Grants(Bare));

        var pair = Rotate(stage, id);

        Assert.Equal(pair.ObtainedAt.AddMinutes(20), pair.AccessExpiresAt);
        Assert.Equal(("Bearer", "accounts=ro transactions=ro offline"), (pair.TokenType, pair.Scope));
    }

    [Fact]
    public void What_finX_says_counts()
    {
        var stage = new Stage();
        var id = stage.Connect();
        stage.Script.On("token", Mishap.Grants("""{"access_token":"~token~a","token_type":"Other","expires_in":120,"refresh_token":"~token~r","scope":"accounts=ro"}"""));

        var pair = Rotate(stage, id);

        Assert.Equal((pair.ObtainedAt.AddMinutes(2), "Other", "accounts=ro", "~token~r"), (pair.AccessExpiresAt, pair.TokenType, pair.Scope, pair.RefreshToken!.Reveal()));
        Assert.Equal((pair.ObtainedAt, pair.ObtainedAt.AddDays(90)), (pair.RefreshIssuedAt, pair.RefreshExpiresAt));
        Assert.Equal("accounts=ro", stage.Connection(id).Scope);
    }

    [Fact]
    public void Lives_count_from_the_answer()
    {
        var stage = new Stage();
        var id = stage.Connect();
        stage.Script.On("token", Mishap.Late(TimeSpan.FromSeconds(20)));
        var began = stage.Now;

        Assert.InRange(Rotate(stage, id).ObtainedAt - began, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(20.1));
    }

    [Fact]
    public void A_code_without_a_refresh_token_gives_one_access_token()
    {
        var stage = new Stage();

        var pair = stage.Pair(stage.Connect(Mishap.Grants(Bare)));

        Assert.Null(pair.RefreshToken);
        Assert.Equal(pair.AccessExpiresAt, pair.RefreshExpiresAt);
    }

    [Fact]
    public void A_renewal_without_a_refresh_token_does_not_bring_the_old_one_back()
    {
        var stage = new Stage();
        var id = stage.Connect();
        var link = stage.CreateLink(id);
        stage.Script.On("token", Mishap.Grants(Bare));

        stage.Return(stage.Finish(link));

        Assert.Null(stage.Pair(id).RefreshToken);
    }

    [Fact]
    public void Where_a_rotation_does_not_restart_the_life_the_first_end_stays_and_a_renewal_moves_it()
    {
        var stage = new Stage(("Finx:RotationRestartsLifetime", "false"));
        var id = stage.Connect();
        var end = stage.Connection(id).RefreshExpiresAt!.Value;
        stage.Pass(TimeSpan.FromDays(5));

        Assert.Equal(end, Rotate(stage, id).RefreshExpiresAt);

        stage.Return(stage.Finish(stage.CreateLink(id)));
        Assert.InRange(stage.Pair(id).RefreshExpiresAt, end.AddDays(5), end.AddDays(5).AddMinutes(1));
    }

    [Fact]
    public void Where_no_end_is_known_it_is_counted_from_now()
    {
        var stage = new Stage(("Finx:RotationRestartsLifetime", "false"));
        var id = stage.Connect();
        stage.Change(id, row => row with { RefreshExpiresAt = null });

        var pair = Rotate(stage, id);

        Assert.Equal(pair.ObtainedAt.AddDays(90), pair.RefreshExpiresAt);
    }

    [Fact]
    public void An_answer_that_cannot_be_read_leaves_the_committed_pair_the_current_one()
    {
        var stage = new Stage();
        var id = stage.Connect();
        var sealing = stage.Do((Sealer sealer) => sealer.CurrentAsync(CancellationToken.None));
        var snapshot = stage.Snapshot(id);
        var claim = new Claim
        {
            ConnectionId = id,
            Kind = ClaimKind.Refresh,
            FromGeneration = 1,
            AttemptId = "a",
            Owner = "o",
            LeaseUntil = stage.Now,
            StartedAt = stage.Now,
            PresentedAt = stage.Now,
        };

        var pair = Current(stage, snapshot with { Claim = claim with { Answer = sealing.Seal("<html>"u8, id, 2) } });
        var next = Current(stage, snapshot with { Claim = claim with { Answer = sealing.Seal("""{"access_token":"a","refresh_token":"r"}"""u8, id, 2) } });

        Assert.Equal(1, pair!.Generation);
        Assert.Equal((2, claim.PresentedAt), (next!.Generation, next.ObtainedAt));
        Assert.Null(Current(stage, snapshot with { Connection = snapshot.Connection with { SecretId = null } }));
    }

    private static TokenPair? Current(Stage stage, Finx.Connections.ConnectionSnapshot snapshot) => stage.Do((PairReader pairs) => pairs.CurrentAsync(snapshot, CancellationToken.None));

    private static TokenPair Rotate(Stage stage, string id)
    {
        var rotated = Assert.IsType<RotationOutcome.Rotated>(stage.Refresh(id)).Pair;
        Assert.Equal(rotated, stage.Pair(id));
        return rotated;
    }
}
