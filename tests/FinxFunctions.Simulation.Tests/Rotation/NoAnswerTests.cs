using FinxFunctions.KeyVault;
using FinxFunctions.Primitives;
using FinxFunctions.Rotation;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.StandIns;
using FinxFunctions.State;

namespace FinxFunctions.Simulation.Tests.Rotation;

/// <summary>A token was presented and no usable answer came. It is unknown whether finX acted.</summary>
public sealed class NoAnswerTests
{
    [Fact]
    public void The_token_is_presented_again_which_is_written_down_before()
    {
        var (scenario, id, token) = Begin();
        using var ambiguous = scenario.Metric<long>("finx.rotations.ambiguous");
        scenario.Script.On("token", ScriptedFault.NoAnswer());

        Assert.IsType<RotationOutcome.Rotated>(scenario.Refresh(id));

        Assert.Equal(2, scenario.Presentations(token));
        Assert.Equal(["token", "agenda.upsert", "connections.update", "token", "connections.update"], scenario.Script.Calls.SkipWhile(call => call != "token").Where(call => call != "agenda.delete").Take(5));
        Assert.Equal([12, 10], scenario.Events);
        Assert.Single(ambiguous.GetMeasurementSnapshot());
    }

    [Fact]
    public void The_lease_records_the_second_presentation_while_it_is_under_way()
    {
        var (scenario, id, _) = Begin();
        Lease? second = null;
        scenario.Script.On("token", ScriptedFault.NoAnswer());
        scenario.Script.On("token", ScriptedFault.After(() => second = scenario.Snapshot(id).Lease));

        scenario.Refresh(id);

        Assert.Equal((1, true, true), (second!.Replays, second.Unanswered, second.Ambiguous));
        Assert.True(second.PresentedAt > second.StartedAt);
        Assert.InRange(second.ExpiresAt - second.PresentedAt, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(90.1));
    }

    [Fact]
    public void Once_the_replays_are_used_up_it_is_suspended_for_a_window()
    {
        var (scenario, id, token) = Begin();
        using var rotations = scenario.Metric<long>("finx.rotations");
        scenario.Script.On("token", ScriptedFault.NoAnswer(), times: 2);

        var ambiguous = Assert.IsType<RotationOutcome.Ambiguous>(scenario.Refresh(id));

        var lease = scenario.Snapshot(id).Lease!;
        Assert.Equal(("", 1, true, true), (lease.Holder, lease.Replays, lease.Unanswered, lease.Ambiguous));
        Assert.Equal(lease.PresentedAt.AddMinutes(15), lease.ExpiresAt);
        Assert.Equal(ambiguous.RetryAt, lease.ExpiresAt);
        Assert.Contains(lease.ExpiresAt, scenario.DueTimes(id));
        Assert.Equal("ambiguous", Assert.Single(rotations.GetMeasurementSnapshot()).Tags["outcome"]);
        scenario.Pass(TimeSpan.FromMinutes(14));
        Assert.IsType<RotationOutcome.LostRace>(scenario.Recover(id));
        Assert.Equal(2, scenario.Presentations(token));

        scenario.Pass(TimeSpan.FromMinutes(1));
        Assert.IsType<RotationOutcome.Rotated>(scenario.Recover(id));
        Assert.Equal(3, scenario.Presentations(token));
    }

    [Fact]
    public void A_refusal_then_ends_the_connection_as_ambiguous()
    {
        var (scenario, id, token) = Begin();
        scenario.Script.On("token", ScriptedFault.NoAnswer(acts: true));

        Assert.IsType<RotationOutcome.TryLater>(scenario.Refresh(id));
        scenario.Pass(Scenario.RefusalPause);
        var ended = Assert.IsType<RotationOutcome.NeedsReconsent>(scenario.Recover(id));

        Assert.Equal("ambiguous", ended.Reason);
        Assert.Equal((ConnectionStatus.NeedsReconsent, "ambiguous"), (scenario.Connection(id).Status, scenario.Connection(id).Reason));
        Assert.Equal(3, scenario.Presentations(token));
        Assert.Equal([12, 13, 16, 13, 15], scenario.Events);
    }

    [Fact]
    public void A_pair_that_came_of_a_replay_may_have_been_overtaken_so_that_its_refusal_is_ambiguous()
    {
        var (scenario, id, _) = Begin();
        scenario.Script.On("token", ScriptedFault.NoAnswer());
        scenario.Refresh(id);
        Assert.True(scenario.Connection(id).FormerPresentationUnanswered);
        scenario.RefuseOnce(id);
        scenario.Script.On("token", ScriptedFault.Refuses());

        Assert.Equal("ambiguous", Assert.IsType<RotationOutcome.NeedsReconsent>(scenario.Refresh(id)).Reason);
    }

    [Fact]
    public void The_next_pair_is_beyond_doubt()
    {
        var (scenario, id, _) = Begin();
        scenario.Script.On("token", ScriptedFault.NoAnswer());
        scenario.Refresh(id);
        scenario.Refresh(id);
        Assert.False(scenario.Connection(id).FormerPresentationUnanswered);
        scenario.RefuseOnce(id);
        scenario.Script.On("token", ScriptedFault.Refuses());

        Assert.Equal("refused", Assert.IsType<RotationOutcome.NeedsReconsent>(scenario.Refresh(id)).Reason);
    }

    [Fact]
    public void Where_finX_grants_it_again_the_connection_lives()
    {
        var scenario = new Scenario(ReuseMode.Grace);
        var id = scenario.Connect();
        scenario.Script.On("token", ScriptedFault.NoAnswer(acts: true));

        Assert.IsType<RotationOutcome.Rotated>(scenario.Refresh(id));

        Assert.Equal(2, scenario.Connection(id).Generation);
    }

    [Fact]
    public void Where_no_replay_is_allowed_it_ends_the_connection()
    {
        var (scenario, id, token) = Begin(("Tokens:Replays", "0"));
        scenario.Script.On("token", ScriptedFault.NoAnswer());

        Assert.Equal("ambiguous", Assert.IsType<RotationOutcome.NeedsReconsent>(scenario.Refresh(id)).Reason);

        Assert.Equal(1, scenario.Presentations(token));
        Assert.Equal("ambiguous", scenario.Connection(id).Reason);
    }

    [Fact]
    public void Where_reuse_revokes_all_it_waits_until_the_access_token_expires()
    {
        var (scenario, id, token) = Begin(("Tokens:ReuseRevokesFamily", "true"));
        scenario.Script.On("token", ScriptedFault.NoAnswer());

        var ambiguous = Assert.IsType<RotationOutcome.Ambiguous>(scenario.Refresh(id));

        Assert.Equal(scenario.Connection(id).AccessExpiresAt, ambiguous.RetryAt);
        Assert.Equal(1, scenario.Presentations(token));
        scenario.Pass(TimeSpan.FromHours(1));
        Assert.IsType<RotationOutcome.Rotated>(scenario.Recover(id));
    }

    [Fact]
    public void A_refresh_token_that_is_over_is_not_presented_again()
    {
        var (scenario, id, token) = Begin();
        scenario.Change(id, row => row with { RefreshExpiresAt = scenario.Now });
        scenario.Script.On("token", ScriptedFault.NoAnswer());

        Assert.Equal("ambiguous", Assert.IsType<RotationOutcome.NeedsReconsent>(scenario.Refresh(id)).Reason);

        Assert.Equal(1, scenario.Presentations(token));
    }

    [Fact]
    public void An_answer_that_takes_too_long_is_none()
    {
        var (scenario, id, token) = Begin();
        scenario.Script.On("token", ScriptedFault.Late(TimeSpan.FromSeconds(40)) with { Acts = 0, Failure = new HttpRequestException(HttpRequestError.ResponseEnded, "Too late.") });

        Assert.IsType<RotationOutcome.Rotated>(scenario.Refresh(id));

        Assert.Equal(2, scenario.Presentations(token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("{}")]
    public void An_answer_that_cannot_be_read_is_none(string body)
    {
        var (scenario, id, token) = Begin();
        scenario.Script.On("token", ScriptedFault.Grants(body));
        Lease? second = null;
        scenario.Script.On("token", ScriptedFault.After(() => second = scenario.Snapshot(id).Lease));

        Assert.IsType<RotationOutcome.Rotated>(scenario.Refresh(id));

        Assert.Equal(2, scenario.Presentations(token));
        Assert.Equal((null, null, true, true), (second!.Answer, second.AnsweredAt, second.Ambiguous, second.Unanswered));
        Assert.Equal(2, scenario.Connection(id).Generation);
        Assert.Contains("the answer cannot be read", scenario.Logs.GetSnapshot().Single(line => line.Id.Id == 12).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void And_so_a_second_time()
    {
        var (scenario, id, token) = Begin();
        scenario.Script.On("token", ScriptedFault.Grants("<html>"), times: 2);

        Assert.IsType<RotationOutcome.Ambiguous>(scenario.Refresh(id));

        var lease = scenario.Snapshot(id).Lease!;
        Assert.Equal((true, true, null), (lease.Unanswered, lease.Ambiguous, lease.Answer));
        scenario.Pass(TimeSpan.FromMinutes(16));
        Assert.IsType<RotationOutcome.Rotated>(scenario.Recover(id));
        Assert.Equal(3, scenario.Presentations(token));
    }

    [Fact]
    public void A_process_that_lost_the_lease_meanwhile_leaves_it_as_it_is()
    {
        var (scenario, id, token) = Begin();
        scenario.Script.On("token", ScriptedFault.NoAnswer());
        scenario.Script.On("token", ScriptedFault.NoAnswer() with
        {
            Meanwhile = () =>
            {
                scenario.ChangeLease(id, lease => lease with { Holder = "another" });
                return Task.CompletedTask;
            },
        });

        Assert.IsType<RotationOutcome.LostRace>(scenario.Refresh(id));

        Assert.Equal("another", scenario.Snapshot(id).Lease!.Holder);
        Assert.Equal(2, scenario.Presentations(token));
    }

    [Fact]
    public void A_process_that_lost_the_lease_does_not_present_again()
    {
        var (scenario, id, token) = Begin();
        scenario.Script.On("token", ScriptedFault.NoAnswer() with
        {
            Meanwhile = () =>
            {
                scenario.ChangeLease(id, lease => lease with { Holder = "another" });
                return Task.CompletedTask;
            },
        });

        Assert.IsType<RotationOutcome.LostRace>(scenario.Refresh(id));

        Assert.Equal(1, scenario.Presentations(token));
    }

    [Fact]
    public void An_answer_that_reached_the_vault_alone_is_found_when_a_refusal_follows()
    {
        var (scenario, id, _) = Begin();
        scenario.Script.On("token", ScriptedFault.NoAnswer());
        var pair = Pairs.Of(2, scenario.Now.AddMinutes(1), TimeSpan.FromHours(1)) with { ConnectionId = id };
        scenario.Script.On("token", ScriptedFault.Refuses() with
        {
            Meanwhile = () =>
            {
                scenario.Do((TokenVault vault) => vault.SetAsync(scenario.Connection(id).Vault, pair, CancellationToken.None));
                return Task.CompletedTask;
            },
        });

        Assert.Equal(pair, Assert.IsType<RotationOutcome.Rotated>(scenario.Refresh(id)).Pair);

        Assert.Equal((ConnectionStatus.Active, 2), (scenario.Connection(id).Status, scenario.Connection(id).Generation));
        Assert.Equal(pair, scenario.Pair(id));
    }

    private static (Scenario Scenario, string Id, Secret Token) Begin(params (string, string?)[] settings)
    {
        var scenario = new Scenario(settings);
        var id = scenario.Connect();
        return (scenario, id, scenario.Pair(id).RefreshToken!);
    }
}
