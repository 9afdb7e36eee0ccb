using Finx.Connections;
using Finx.Tokens;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.Simulation.Tests.StandIns;

namespace FinxFunctions.Simulation.Tests.Tokens;

/// <summary>A token was presented and no usable answer came: nobody knows whether finX acted.</summary>
public sealed class NoAnswerTests
{
    [Fact]
    public void The_token_is_presented_again_which_is_written_down_before()
    {
        var (stage, id, token) = Begin();
        using var ambiguous = stage.Metric<long>("finx.rotations.ambiguous");
        stage.Script.On("token", Mishap.NoAnswer());

        Assert.IsType<RotationOutcome.Rotated>(stage.Refresh(id));

        Assert.Equal(2, stage.Presentations(token));
        Assert.Equal(["token", "agenda.upsert", "connections.update", "token", "connections.update"], stage.Script.Calls.SkipWhile(call => call != "token").Take(5));
        Assert.Equal([12, 10], stage.Events);
        Assert.Single(ambiguous.GetMeasurementSnapshot());
    }

    [Fact]
    public void The_claim_tells_of_the_second_presentation_while_it_is_under_way()
    {
        var (stage, id, _) = Begin();
        Claim? second = null;
        stage.Script.On("token", Mishap.NoAnswer());
        stage.Script.On("token", Mishap.After(() => second = stage.Snapshot(id).Claim));

        stage.Refresh(id);

        Assert.Equal((1, true, true), (second!.Replays, second.Unanswered, second.Ambiguous));
        Assert.True(second.PresentedAt > second.StartedAt);
        Assert.InRange(second.LeaseUntil - second.PresentedAt, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(90.1));
    }

    [Fact]
    public void Once_the_replays_are_used_up_it_rests_for_a_window()
    {
        var (stage, id, token) = Begin();
        using var rotations = stage.Metric<long>("finx.rotations");
        stage.Script.On("token", Mishap.NoAnswer(), times: 2);

        var ambiguous = Assert.IsType<RotationOutcome.Ambiguous>(stage.Refresh(id));

        var claim = stage.Snapshot(id).Claim!;
        Assert.Equal(("", 1, true, true), (claim.Owner, claim.Replays, claim.Unanswered, claim.Ambiguous));
        Assert.Equal(claim.PresentedAt.AddMinutes(15), claim.LeaseUntil);
        Assert.Equal(ambiguous.RetryAt, claim.LeaseUntil);
        Assert.Contains(claim.LeaseUntil, stage.Agenda(id));
        Assert.Equal("ambiguous", Assert.Single(rotations.GetMeasurementSnapshot()).Tags["outcome"]);
        stage.Pass(TimeSpan.FromMinutes(14));
        Assert.IsType<RotationOutcome.LostRace>(stage.Recover(id));
        Assert.Equal(2, stage.Presentations(token));

        stage.Pass(TimeSpan.FromMinutes(1));
        Assert.IsType<RotationOutcome.Rotated>(stage.Recover(id));
        Assert.Equal(3, stage.Presentations(token));
    }

    [Fact]
    public void A_refusal_then_ends_the_connection_as_ambiguous()
    {
        var (stage, id, token) = Begin();
        stage.Script.On("token", Mishap.NoAnswer(acts: true));

        var ended = Assert.IsType<RotationOutcome.NeedsReconsent>(stage.Refresh(id));

        Assert.Equal("ambiguous", ended.Reason);
        Assert.Equal((ConnectionStatus.NeedsReconsent, "ambiguous"), (stage.Connection(id).Status, stage.Connection(id).Reason));
        Assert.Equal(2, stage.Presentations(token));
        Assert.Equal([12, 13, 15], stage.Events);
    }

    [Fact]
    public void A_pair_that_came_of_a_replay_may_have_been_overtaken_so_that_its_refusal_is_ambiguous()
    {
        var (stage, id, _) = Begin();
        stage.Script.On("token", Mishap.NoAnswer());
        stage.Refresh(id);
        Assert.True(stage.Connection(id).IsDoubtful);
        stage.Script.On("token", Mishap.Refuses());

        Assert.Equal("ambiguous", Assert.IsType<RotationOutcome.NeedsReconsent>(stage.Refresh(id)).Reason);
    }

    [Fact]
    public void The_next_pair_is_beyond_doubt()
    {
        var (stage, id, _) = Begin();
        stage.Script.On("token", Mishap.NoAnswer());
        stage.Refresh(id);
        stage.Refresh(id);
        Assert.False(stage.Connection(id).IsDoubtful);
        stage.Script.On("token", Mishap.Refuses());

        Assert.Equal("refused", Assert.IsType<RotationOutcome.NeedsReconsent>(stage.Refresh(id)).Reason);
    }

    [Fact]
    public void Where_finX_grants_it_again_the_connection_lives()
    {
        var stage = new Stage(ReuseMode.Grace);
        var id = stage.Connect();
        stage.Script.On("token", Mishap.NoAnswer(acts: true));

        Assert.IsType<RotationOutcome.Rotated>(stage.Refresh(id));

        Assert.Equal(2, stage.Connection(id).Generation);
    }

    [Fact]
    public void Where_no_replay_is_allowed_it_ends_the_connection()
    {
        var (stage, id, token) = Begin(("Tokens:Replays", "0"));
        stage.Script.On("token", Mishap.NoAnswer());

        Assert.Equal("ambiguous", Assert.IsType<RotationOutcome.NeedsReconsent>(stage.Refresh(id)).Reason);

        Assert.Equal(1, stage.Presentations(token));
        Assert.Equal("ambiguous", stage.Connection(id).Reason);
    }

    [Fact]
    public void Where_reuse_revokes_all_it_waits_for_the_end_of_the_access_token()
    {
        var (stage, id, token) = Begin(("Tokens:ReuseRevokesFamily", "true"));
        stage.Script.On("token", Mishap.NoAnswer());

        var ambiguous = Assert.IsType<RotationOutcome.Ambiguous>(stage.Refresh(id));

        Assert.Equal(stage.Connection(id).AccessExpiresAt, ambiguous.RetryAt);
        Assert.Equal(1, stage.Presentations(token));
        stage.Pass(TimeSpan.FromHours(1));
        Assert.IsType<RotationOutcome.Rotated>(stage.Recover(id));
    }

    [Fact]
    public void A_refresh_token_that_is_over_is_not_presented_again()
    {
        var (stage, id, token) = Begin();
        stage.Change(id, row => row with { RefreshExpiresAt = stage.Now });
        stage.Script.On("token", Mishap.NoAnswer());

        Assert.Equal("ambiguous", Assert.IsType<RotationOutcome.NeedsReconsent>(stage.Refresh(id)).Reason);

        Assert.Equal(1, stage.Presentations(token));
    }

    [Fact]
    public void An_answer_that_takes_too_long_is_none()
    {
        var (stage, id, token) = Begin();
        stage.Script.On("token", Mishap.Late(TimeSpan.FromSeconds(40)) with { Acts = 0, Failure = new HttpRequestException(HttpRequestError.ResponseEnded, "Too late.") });

        Assert.IsType<RotationOutcome.Rotated>(stage.Refresh(id));

        Assert.Equal(2, stage.Presentations(token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("{}")]
    public void An_answer_that_cannot_be_read_is_none(string body)
    {
        var (stage, id, token) = Begin();
        stage.Script.On("token", Mishap.Grants(body));
        Claim? second = null;
        stage.Script.On("token", Mishap.After(() => second = stage.Snapshot(id).Claim));

        Assert.IsType<RotationOutcome.Rotated>(stage.Refresh(id));

        Assert.Equal(2, stage.Presentations(token));
        Assert.Equal((null, null, true, true), (second!.Answer, second.AnsweredAt, second.Ambiguous, second.Unanswered));
        Assert.Equal(2, stage.Connection(id).Generation);
        Assert.Contains("the answer cannot be read", stage.Logs.GetSnapshot().Single(line => line.Id.Id == 12).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void And_so_a_second_time()
    {
        var (stage, id, token) = Begin();
        stage.Script.On("token", Mishap.Grants("<html>"), times: 2);

        Assert.IsType<RotationOutcome.Ambiguous>(stage.Refresh(id));

        var claim = stage.Snapshot(id).Claim!;
        Assert.Equal((true, true, null), (claim.Unanswered, claim.Ambiguous, claim.Answer));
        stage.Pass(TimeSpan.FromMinutes(16));
        Assert.IsType<RotationOutcome.Rotated>(stage.Recover(id));
        Assert.Equal(3, stage.Presentations(token));
    }

    [Fact]
    public void Who_lost_the_claim_meanwhile_leaves_it_as_it_is()
    {
        var (stage, id, token) = Begin();
        stage.Script.On("token", Mishap.NoAnswer());
        stage.Script.On("token", Mishap.NoAnswer() with
        {
            Meanwhile = () =>
            {
                stage.ChangeClaim(id, claim => claim with { Owner = "another" });
                return Task.CompletedTask;
            },
        });

        Assert.IsType<RotationOutcome.LostRace>(stage.Refresh(id));

        Assert.Equal("another", stage.Snapshot(id).Claim!.Owner);
        Assert.Equal(2, stage.Presentations(token));
    }

    [Fact]
    public void Who_lost_the_claim_before_presenting_again_does_not()
    {
        var (stage, id, token) = Begin();
        stage.Script.On("token", Mishap.NoAnswer() with
        {
            Meanwhile = () =>
            {
                stage.ChangeClaim(id, claim => claim with { Owner = "another" });
                return Task.CompletedTask;
            },
        });

        Assert.IsType<RotationOutcome.LostRace>(stage.Refresh(id));

        Assert.Equal(1, stage.Presentations(token));
    }

    [Fact]
    public void An_answer_that_reached_the_vault_alone_is_found_when_a_refusal_follows()
    {
        var (stage, id, _) = Begin();
        stage.Script.On("token", Mishap.NoAnswer());
        var pair = Pairs.Of(2, stage.Now.AddMinutes(1), TimeSpan.FromHours(1)) with { ConnectionId = id };
        stage.Script.On("token", Mishap.Refuses() with
        {
            Meanwhile = () =>
            {
                stage.Do((TokenVault vault) => vault.SetAsync(stage.Connection(id).Vault, pair, CancellationToken.None));
                return Task.CompletedTask;
            },
        });

        Assert.Equal(pair, Assert.IsType<RotationOutcome.Rotated>(stage.Refresh(id)).Pair);

        Assert.Equal((ConnectionStatus.Active, 2), (stage.Connection(id).Status, stage.Connection(id).Generation));
        Assert.Equal(pair, stage.Pair(id));
    }

    private static (Stage Stage, string Id, Secret Token) Begin(params (string, string?)[] settings)
    {
        var stage = new Stage(settings);
        var id = stage.Connect();
        return (stage, id, stage.Pair(id).RefreshToken!);
    }
}
