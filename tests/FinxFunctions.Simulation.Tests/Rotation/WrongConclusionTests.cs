using System.Net;
using FinxFunctions.KeyVault;
using FinxFunctions.Rotation;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.State;
using FinxFunctions.Tokens;

namespace FinxFunctions.Simulation.Tests.Rotation;

/// <summary>What finX, a store or an operator does that looks like the end of a connection, and is not.</summary>
public sealed class WrongConclusionTests
{
    private readonly Scenario _scenario = new();

    [Fact]
    public void A_finX_whose_nodes_learn_late_of_a_token_ends_no_connection()
    {
        var id = _scenario.Connect();
        _scenario.Script.On("token", ScriptedFault.Refuses());

        var first = Assert.IsType<RotationOutcome.TryLater>(_scenario.Refresh(id));

        Assert.Equal(ConnectionStatus.Active, _scenario.Connection(id).Status);
        Assert.InRange(first.RetryAt - _scenario.Now, TimeSpan.FromSeconds(29), TimeSpan.FromSeconds(30));
        _scenario.Pass(Scenario.RefusalPause);
        Assert.Equal(AccessSource.Refreshed, Assert.IsType<AccessResult.Granted>(_scenario.GetToken(id, Rejected(1))).Source);
        _scenario.Settle();
        Assert.Equal((0, null), (_scenario.Connection(id).Refusals, _scenario.Connection(id).RefusedAt));
    }

    [Fact]
    public void While_a_refused_token_waits_a_valid_access_token_is_served()
    {
        var id = _scenario.Connect();
        _scenario.Pass(TimeSpan.FromMinutes(59.5));
        _scenario.Script.On("token", ScriptedFault.Refuses());

        Assert.Equal(AccessSource.Stale, Assert.IsType<AccessResult.Granted>(_scenario.GetToken(id)).Source);
    }

    [Fact]
    public void One_bad_minute_at_finX_ends_no_connection()
    {
        var ids = Enumerable.Range(0, 80).Select(_ => _scenario.Connect()).ToList();
        _scenario.Pass(TimeSpan.FromDays(44));
        _scenario.Script.On("token", ScriptedFault.Refuses(), times: 400);
        for (var minutes = 0; minutes < 20; minutes++)
        {
            _scenario.Tick();
            _scenario.Pass(TimeSpan.FromMinutes(1));
        }

        Assert.All(ids, id => Assert.Equal(ConnectionStatus.Active, _scenario.Connection(id).Status));
        Assert.Contains(21, _scenario.Events);
        _scenario.Script.Clear();
        for (var hours = 0; hours < 24; hours++)
        {
            _scenario.Tick();
            _scenario.Pass(TimeSpan.FromHours(1));
        }

        Assert.All(ids, id => Assert.Equal((ConnectionStatus.Active, 2), (_scenario.Connection(id).Status, _scenario.Connection(id).Generation)));
    }

    [Fact]
    public void A_finX_that_refuses_the_client_ends_no_connection()
    {
        var ids = Enumerable.Range(0, 30).Select(_ => _scenario.Connect()).ToList();
        _scenario.Pass(TimeSpan.FromHours(1));
        _scenario.Script.On("token", ScriptedFault.RefusesClient(), times: 60);

        Assert.All(ids, id => Assert.Equal(TryLaterCause.FinxRefused, Assert.IsType<AccessResult.TryLater>(_scenario.GetToken(id)).Cause));

        Assert.All(ids, id => Assert.Equal(ConnectionStatus.Active, _scenario.Connection(id).Status));
    }

    [Fact]
    public void A_suspect_token_is_asked_about_for_a_day_while_others_refresh()
    {
        var (suspect, other) = (_scenario.Connect(), _scenario.Connect());
        var began = _scenario.Now;
        var presentations = 0;
        while (_scenario.Connection(suspect).Status is ConnectionStatus.Active)
        {
            _scenario.Script.On("token", ScriptedFault.Answers(HttpStatusCode.BadRequest, """{"error":"maintenance"}"""));
            presentations += Outcome(suspect) is RotationOutcome.TryLater or RotationOutcome.NeedsReconsent ? 1 : 0;
            _scenario.Script.Clear();
            _scenario.Pass(TimeSpan.FromHours(1));
            Assert.IsType<RotationOutcome.Rotated>(_scenario.Refresh(other));
        }

        Assert.InRange(_scenario.Now - began, TimeSpan.FromDays(1), TimeSpan.FromDays(1.5));
        Assert.InRange(presentations, 5, 30);
        Assert.Equal("refused", _scenario.Connection(suspect).Reason);
    }

    [Fact]
    public void And_for_the_life_of_its_token_while_none_refreshes()
    {
        var id = _scenario.Connect();
        _scenario.Pass(TimeSpan.FromDays(44));
        _scenario.Script.On("token", ScriptedFault.Answers(HttpStatusCode.BadRequest, """{"error":"maintenance"}"""), times: int.MaxValue);

        TickFor(TimeSpan.FromDays(45), TimeSpan.FromHours(3));
        Assert.Equal(ConnectionStatus.Active, _scenario.Connection(id).Status);

        TickFor(TimeSpan.FromDays(2), TimeSpan.FromHours(1));
        Assert.Equal((ConnectionStatus.NeedsReconsent, "expired"), (_scenario.Connection(id).Status, _scenario.Connection(id).Reason));
    }

    [Fact]
    public void Nothing_is_active_past_the_life_of_its_refresh_token()
    {
        var id = _scenario.Connect();
        _scenario.Pass(TimeSpan.FromDays(44));
        _scenario.Script.On("token", ScriptedFault.Answers(HttpStatusCode.ServiceUnavailable), times: int.MaxValue);

        TickFor(TimeSpan.FromDays(47), TimeSpan.FromHours(1));

        Assert.Equal((ConnectionStatus.NeedsReconsent, "expired"), (_scenario.Connection(id).Status, _scenario.Connection(id).Reason));
    }

    [Fact]
    public void A_life_that_finX_states_counts()
    {
        var id = _scenario.Connect(ScriptedFault.Grants("""{"access_token":"~token~a","refresh_token":"~token~r","expires_in":3600,"refresh_token_expires_in":864000}"""));

        Assert.InRange(_scenario.Connection(id).RefreshExpiresAt!.Value - _scenario.Now, TimeSpan.FromDays(9.99), TimeSpan.FromDays(10));
        Assert.InRange(_scenario.Connection(id).NextRotationAt!.Value - _scenario.Now, TimeSpan.FromDays(4), TimeSpan.FromDays(5));
    }

    [Fact]
    public void Yesterdays_table_adopts_the_pair_of_the_vault_and_presents_nothing()
    {
        var id = _scenario.Connect();
        var yesterday = _scenario.Connection(id);
        Assert.IsType<RotationOutcome.Rotated>(_scenario.Refresh(id));
        Assert.IsType<RotationOutcome.Rotated>(_scenario.Refresh(id));
        var newest = _scenario.Pair(id);
        _scenario.Pass(TimeSpan.FromHours(1));
        _scenario.Change(id, row => yesterday with { ETag = row.ETag });
        _scenario.Script.Forget();

        Assert.IsType<RotationOutcome.Rotated>(_scenario.OtherProcess().Refresh(id));

        Assert.DoesNotContain("token", _scenario.Script.Calls);
        Assert.Equal((ConnectionStatus.Active, newest), (_scenario.Connection(id).Status, _scenario.Pair(id)));
        Assert.IsType<RotationOutcome.Rotated>(_scenario.Refresh(id));
        Assert.Equal(newest.Generation + 1, _scenario.Connection(id).Generation);
    }

    [Fact]
    public void Tokens_that_are_in_no_store_are_lost_and_the_connection_says_so()
    {
        var id = _scenario.Connect();
        _scenario.Pass(TimeSpan.FromHours(1));
        _scenario.DeleteSecrets(id);

        Assert.Equal("lost", Assert.IsType<AccessResult.NeedsReconsent>(_scenario.GetToken(id)).Reason);

        Assert.Equal("lost", _scenario.Connection(id).Reason);
    }

    [Fact]
    public void Refresh_tokens_that_finX_refuses_the_access_tokens_of_are_redeemed_once_a_minute()
    {
        var id = _scenario.Connect();
        var rejected = 1;
        for (var calls = 0; calls < 40; calls++)
        {
            rejected = _scenario.GetToken(id, Rejected(rejected)) is AccessResult.Granted { Pair.Generation: var generation } ? generation : rejected;
            _scenario.Pass(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(2, _scenario.Connection(id).Generation);
        _scenario.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(3, Assert.IsType<AccessResult.Granted>(_scenario.GetToken(id, Rejected(2))).Pair.Generation);
    }

    [Fact]
    public void A_rejected_generation_brings_back_no_older_one()
    {
        var id = _scenario.Connect();
        var other = _scenario.OtherProcess();
        Assert.Equal(1, Assert.IsType<AccessResult.Granted>(other.GetToken(id)).Pair.Generation);
        _scenario.Refresh(id);
        _scenario.Refresh(id);

        var granted = Assert.IsType<AccessResult.Granted>(other.GetToken(id, Rejected(3)));

        Assert.Equal(4, granted.Pair.Generation);
    }

    [Fact]
    public void Without_a_refresh_token_a_valid_access_token_is_served_and_the_connection_lives_as_long()
    {
        var id = _scenario.Connect(ScriptedFault.Grants("""{"access_token":"~token~a","expires_in":3600}"""));
        _scenario.Pass(TimeSpan.FromMinutes(40));

        Assert.Equal(AccessSource.Stale, Assert.IsType<AccessResult.Granted>(_scenario.GetToken(id, new AccessRequest(TimeSpan.FromHours(1)))).Source);
        Assert.Equal(ConnectionStatus.Active, _scenario.Connection(id).Status);

        _scenario.Pass(TimeSpan.FromMinutes(21));
        Assert.Equal("no_refresh_token", Assert.IsType<AccessResult.NeedsReconsent>(_scenario.GetToken(id)).Reason);
    }

    [Fact]
    public void An_answer_that_cannot_be_read_is_kept_until_a_newer_generation()
    {
        const string Wrapped = """{"data":{"access_token":"~token~a","refresh_token":"~token~r"}}""";
        var id = _scenario.Connect();
        _scenario.Script.On("token", ScriptedFault.Grants(Wrapped), times: 2);

        Assert.IsType<RotationOutcome.Ambiguous>(_scenario.Refresh(id));

        Assert.Equal($"{Wrapped}\n{Wrapped}", Decrypted(_scenario.Snapshot(id).Lease!.Unreadable!, id, 2));
        _scenario.Script.On("token", ScriptedFault.Refuses(), times: 2);
        _scenario.Pass(TimeSpan.FromMinutes(16));
        Assert.IsType<RotationOutcome.TryLater>(_scenario.Recover(id));
        _scenario.Pass(Scenario.RefusalPause);
        Assert.Equal("ambiguous", Assert.IsType<RotationOutcome.NeedsReconsent>(_scenario.Recover(id)).Reason);
        Assert.True(_scenario.Connection(id).HasUnreadable);
        Assert.Contains(_scenario.Rows("connections"), row => row.RowKey == "unreadable");

        Assert.Equal("connected", Assert.IsType<FinxFunctions.Callback.CallbackOutcome.Finished>(_scenario.Return(_scenario.Finish(_scenario.CreateLink(id)))).Outcome["status"]);
        _scenario.Settle();

        Assert.False(_scenario.Connection(id).HasUnreadable);
        Assert.DoesNotContain(_scenario.Rows("connections"), row => row.RowKey == "unreadable");
    }

    [Theory]
    [InlineData("""{"access_token":"~token~a","refresh_tok""")]
    [InlineData("""{"access_token":"~token~a","refresh_token":"~tok""")]
    [InlineData("""{"access_token":"~token~a","refresh_token":{"value":"r"},"expires_in":3600}""")]
    public void An_answer_whose_refresh_token_is_cut_off_does_not_leave_the_spent_one_in_force(string cut)
    {
        var id = _scenario.Connect();
        _scenario.Script.On("token", ScriptedFault.Grants(cut), times: 2);

        Assert.IsType<RotationOutcome.Ambiguous>(_scenario.Refresh(id));

        Assert.Equal(1, _scenario.Connection(id).Generation);
        Assert.Equal($"{cut}\n{cut}", Decrypted(_scenario.Snapshot(id).Lease!.Unreadable!, id, 2));
    }

    [Fact]
    public void An_answer_without_an_access_token_keeps_the_refresh_token_and_hands_out_nothing()
    {
        var id = _scenario.Connect();
        _scenario.Pass(TimeSpan.FromHours(1));
        _scenario.Script.On("token", ScriptedFault.Grants("""{"refresh_token":"~token~r"}"""), times: int.MaxValue);

        Assert.IsType<AccessResult.TryLater>(_scenario.GetToken(id));

        _scenario.Settle();
        Assert.Equal("~token~r", _scenario.Pair(id).RefreshToken!.Reveal());
        Assert.InRange(_scenario.Connection(id).Generation, 2, 4);
    }

    [Fact]
    public void Connections_that_share_a_grant_are_noticed()
    {
        var (first, second) = (_scenario.Connect(), _scenario.Connect());
        _scenario.RefuseOnce(first);
        _scenario.Script.On("token", ScriptedFault.Refuses());

        _scenario.Refresh(first);
        _scenario.Settle();

        Assert.Contains(second, Assert.Single(_scenario.Logs.GetSnapshot(), line => line.Id.Id == 24).Message, StringComparison.Ordinal);
    }

    private static AccessRequest Rejected(int generation) => new(TimeSpan.FromMinutes(1), generation);

    private RotationOutcome Outcome(string id) => _scenario.Connection(id).RetryAt > _scenario.Now ? new RotationOutcome.LostRace() : _scenario.Refresh(id);

    private void TickFor(TimeSpan length, TimeSpan between)
    {
        for (var end = _scenario.Now + length; _scenario.Now < end;)
        {
            _scenario.Tick();
            _scenario.Pass(between);
        }
    }

    private string Decrypted(EncryptedValue value, string id, int generation) =>
        System.Text.Encoding.UTF8.GetString(_scenario.Do((DataKeys keys) => keys.DecryptAsync(value, id, generation, CancellationToken.None)));
}
