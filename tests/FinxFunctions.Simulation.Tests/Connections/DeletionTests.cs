using System.Net;
using FinxFunctions.Authorization;
using FinxFunctions.Callback;
using FinxFunctions.Connections;
using FinxFunctions.Finx;
using FinxFunctions.KeyVault;
using FinxFunctions.Rotation;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.State;

namespace FinxFunctions.Simulation.Tests.Connections;

/// <summary>A deletion that began ends, whatever finX does, and nothing undoes it (I9).</summary>
public sealed class DeletionTests
{
    private readonly Scenario _scenario = new();

    [Fact]
    public void A_deletion_goes_ahead_of_a_refresh_that_pauses()
    {
        var id = _scenario.Connect();
        _scenario.Script.On("token", ScriptedFault.NoAnswer(), times: 10);
        Assert.IsType<RotationOutcome.Ambiguous>(_scenario.Refresh(id));
        var lease = _scenario.Snapshot(id).Lease!;
        Assert.True(lease.ExpiresAt > _scenario.Now && !lease.IsHeld(_scenario.Now));

        Assert.Equal(DeletionOutcome.Deleted, Delete(id));

        AssertGone(id);
        Assert.DoesNotContain(lease.ExpiresAt, _scenario.DueTimes(id));
    }

    [Fact]
    public void A_deletion_waits_for_a_process_that_holds_the_lease()
    {
        var id = _scenario.Connect();
        _scenario.Script.On("token", ScriptedFault.Late(TimeSpan.FromSeconds(20)));
        var refresh = _scenario.BeginRefresh(id);
        _scenario.Pass(TimeSpan.FromSeconds(1));

        Assert.Equal(DeletionOutcome.Busy, Delete(id));

        _scenario.Await(refresh);
        _scenario.Settle();
        Assert.Equal(DeletionOutcome.Deleted, Delete(id));
        AssertGone(id);
    }

    [Fact]
    public void A_caller_of_a_deletion_waits_no_longer_than_the_limit()
    {
        var scenario = new Scenario(("Tokens:WaitLimit", "00:00:02"));
        var id = scenario.Connect();
        scenario.Script.On("revoke", ScriptedFault.Late(TimeSpan.FromSeconds(4)));
        var began = scenario.Now;

        Assert.Equal(DeletionOutcome.Busy, scenario.Do((ConnectionService connections) => connections.DeleteAsync(Caller.WithKey, id, CancellationToken.None)));

        Assert.InRange(scenario.Now - began, TimeSpan.Zero, TimeSpan.FromSeconds(2.1));
        scenario.Settle();
        Assert.Equal((ConnectionStatus.Deleted, null), (scenario.Connection(id).Status, scenario.Connection(id).UserId));
    }

    [Theory]
    [InlineData(302)]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    [InlineData(422)]
    [InlineData(501)]
    public void A_deletion_ends_at_once_where_finX_definitely_does_not_revoke(int status)
    {
        var id = _scenario.Connect();
        _scenario.Script.On("revoke", Answers(status), times: int.MaxValue);
        using var revocations = _scenario.Metric<long>("finx.revocations");

        Assert.Equal(DeletionOutcome.Deleted, Delete(id));

        AssertGone(id);
        var isUnknown = status is 404 or 410;
        Assert.Equal(isUnknown ? "revoked" : "refused", Assert.Single(revocations.GetMeasurementSnapshot()).Tags["outcome"]);
        Assert.Equal(!isUnknown, _scenario.Records.Contains("function-key deletion 1 not_revoked"));
        Assert.Contains("function-key deletion 1 done", _scenario.Records);
        Assert.Equal(!isUnknown, _scenario.Events.Contains(41));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(0)]
    public void A_deletion_ends_though_finX_never_revokes(int status)
    {
        var id = _scenario.Connect();
        _scenario.Script.On("revoke", status == 0 ? ScriptedFault.NoAnswer() : ScriptedFault.Answers((HttpStatusCode)status), times: int.MaxValue);
        using var revocations = _scenario.Metric<long>("finx.revocations");

        Assert.Throws<FinxException>(() => Delete(id));
        Assert.Equal(ConnectionStatus.Deleted, _scenario.Connection(id).Status);
        var began = _scenario.Now;
        Tick(TimeSpan.FromHours(2));

        AssertGone(id);
        Assert.Equal(5, revocations.GetMeasurementSnapshot().Count);
        Assert.Equal("given_up", revocations.LastMeasurement!.Tags["outcome"]);
        Assert.Contains("system deletion 1 not_revoked", _scenario.Records);
        Assert.True(_scenario.Now - began <= TimeSpan.FromHours(3));
    }

    [Fact]
    public void A_deletion_tries_to_revoke_for_an_hour_at_most()
    {
        var id = _scenario.Connect();
        _scenario.Script.On("revoke", ScriptedFault.Answers(HttpStatusCode.ServiceUnavailable, retryAfter: TimeSpan.FromMinutes(59)), times: int.MaxValue);
        Assert.Throws<FinxException>(() => Delete(id));
        _scenario.Pass(TimeSpan.FromHours(1));

        Assert.Equal(DeletionOutcome.Deleted, Delete(id));

        AssertGone(id);
    }

    [Fact]
    public void A_passing_failure_of_the_revocation_is_tried_again()
    {
        var id = _scenario.Connect();
        var token = _scenario.Pair(id).AccessToken.Reveal();
        _scenario.Script.On("revoke", ScriptedFault.Answers(HttpStatusCode.ServiceUnavailable));
        Assert.Throws<FinxException>(() => Delete(id));
        Assert.True(_scenario.Finx.Honours(token));

        Assert.Equal(DeletionOutcome.Deleted, Delete(id));

        Assert.False(_scenario.Finx.Honours(token));
        Assert.DoesNotContain("function-key deletion 1 not_revoked", _scenario.Records);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(90)]
    public void A_user_who_returns_does_not_undo_a_deletion(int minutes)
    {
        var id = _scenario.Connect();
        var link = _scenario.CreateLink(id);
        var query = _scenario.Finish(link);
        _scenario.Script.On("revoke", ScriptedFault.Answers(HttpStatusCode.ServiceUnavailable), times: 2);
        Assert.Throws<FinxException>(() => Delete(id));
        _scenario.Pass(TimeSpan.FromMinutes(minutes));

        Assert.IsType<CallbackOutcome.Unknown>(_scenario.Return(query));

        Assert.Equal((ConnectionStatus.Deleted, 1), (_scenario.Connection(id).Status, _scenario.Connection(id).Generation));
        Tick(TimeSpan.FromHours(2));
        AssertGone(id);
        Assert.IsType<CallbackOutcome.Unknown>(_scenario.Return(query));
        Assert.DoesNotContain("token", _scenario.Script.Calls);
    }

    [Fact]
    public void A_deletion_that_began_gets_no_link()
    {
        var id = _scenario.Connect();
        _scenario.Script.On("revoke", ScriptedFault.Answers(HttpStatusCode.ServiceUnavailable));
        Assert.Throws<FinxException>(() => Delete(id));

        Assert.Null(_scenario.CreateLink(id));
    }

    [Theory]
    [InlineData(96)]
    [InlineData(97)]
    [InlineData(98)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(300)]
    public void A_connection_with_any_number_of_links_can_be_deleted(int links)
    {
        var id = _scenario.Connect();
        AddLinks(_scenario, id, links - _scenario.Snapshot(id).Links.Count, _scenario.Now.AddHours(1));

        Assert.Equal(DeletionOutcome.Deleted, Delete(id));

        AssertGone(id);
        Assert.Single(_scenario.Rows("connections"));
    }

    [Fact]
    public void A_deletion_with_hundreds_of_links_can_be_resumed_at_each_batch()
    {
        var id = _scenario.Connect();
        AddLinks(_scenario, id, 300, _scenario.Now.AddHours(1));
        _scenario.Script.Clear();
        _scenario.Script.On("connections.submit", ScriptedFault.Fails(), skip: 2);
        Assert.Throws<StorageException>(() => Delete(id));
        Assert.NotEmpty(_scenario.Snapshot(id).Links);

        Tick(TimeSpan.FromMinutes(10));

        AssertGone(id);
        Assert.Single(_scenario.Rows("connections"));
    }

    [Fact]
    public void After_a_table_was_restored_the_newest_pair_is_revoked_and_every_secret_deleted()
    {
        var id = _scenario.Connect();
        var pair = _scenario.Pair(id);
        var vault = _scenario.Connection(id).Vault;
        _scenario.Refresh(id);
        _scenario.Settle();
        var newest = _scenario.Pair(id);
        foreach (var generation in new[] { 255, 256, 600 })
        {
            _scenario.Do((TokenVault tokens) => tokens.SetAsync(vault, newest with { Generation = generation }, CancellationToken.None));
        }

        _scenario.Change(id, row => row with { Generation = 1 });
        _scenario.Script.Forget();

        Assert.Equal(DeletionOutcome.Deleted, Delete(id));

        Assert.False(_scenario.Finx.Honours(newest.AccessToken.Reveal()));
        Assert.Equal(1, pair.Generation);
        AssertGone(id);
    }

    [Fact]
    public void A_secret_that_an_interrupted_deletion_deleted_is_not_recovered()
    {
        var id = _scenario.Connect();
        var other = _scenario.OtherProcess();
        other.Script.On("delete", ScriptedFault.Kills(acts: true));
        _ = other.Begin((ConnectionDeletion deletion) => deletion.DeleteAsync(Caller.WithKey.Id, id));
        _scenario.Pass(TimeSpan.FromMinutes(10));

        Assert.Equal(DeletionOutcome.Deleted, Delete(id));

        AssertGone(id);
        Assert.DoesNotContain("revoke", _scenario.Script.Calls);
        Assert.DoesNotContain(41, _scenario.Events);
    }

    [Fact]
    public void A_deletion_whose_secret_is_missing_ends()
    {
        var id = _scenario.Connect();
        foreach (var vault in _scenario.Vaults)
        {
            foreach (var name in vault.Names.Where(name => name.Contains(id, StringComparison.Ordinal)).ToList())
            {
                vault.Delete(name);
            }
        }

        // Until then Key Vault can recover it.
        _scenario.Pass(TimeSpan.FromDays(91));
        Assert.Equal(DeletionOutcome.Deleted, Delete(id));

        AssertGone(id);
        Assert.DoesNotContain("revoke", _scenario.Script.Calls);
        Assert.Contains("function-key deletion 1 not_revoked", _scenario.Records);
    }

    [Fact]
    public void An_answer_that_could_not_be_read_goes_with_its_connection()
    {
        var id = _scenario.Connect();
        var answer = _scenario.Connection(id).UserId!;
        _scenario.Do(async (ConnectionStore store) =>
        {
            var snapshot = (await store.ReadAsync(id, CancellationToken.None))!;
            Assert.NotNull(await store.TryWriteAsync(new ConnectionChange(snapshot.Connection with { HasUnreadable = true }) { Unreadable = answer }, CancellationToken.None));
        });

        Assert.Equal(DeletionOutcome.Deleted, Delete(id));

        Assert.Single(_scenario.Rows("connections"));
    }

    /// <summary>An answer that knows its request, as every answer of an HTTP client does.</summary>
    private static ScriptedFault Answers(int status) => new()
    {
        Acts = 0,
        Answer = () => new HttpResponseMessage((HttpStatusCode)status)
        {
            Content = new StringContent("""{"error":"Unauthorized"}"""),
            RequestMessage = new HttpRequestMessage(HttpMethod.Post, "https://finx.example/auth/revoke"),
        },
    };

    internal static void AddLinks(Scenario scenario, string id, int count, DateTimeOffset expiresAt)
    {
        foreach (var chunk in Enumerable.Range(0, count).Chunk(90))
        {
            scenario.Do(async (ConnectionStore store) =>
            {
                var snapshot = (await store.ReadAsync(id, CancellationToken.None))!;
                var links = chunk.Select(number => new Link($"{number:x64}", $"flow-of-{number}", new Uri("https://app.example/banking/done"), null, expiresAt.AddHours(-1).AddMilliseconds(number), expiresAt));
                Assert.NotNull(await store.TryWriteAsync(new ConnectionChange(snapshot.Connection) { Links = [.. links] }, CancellationToken.None));
            });
        }
    }

    private DeletionOutcome Delete(string id) => _scenario.Do((ConnectionService connections) => connections.DeleteAsync(Caller.WithKey, id, CancellationToken.None));

    private void Tick(TimeSpan duration)
    {
        for (var end = _scenario.Now + duration; _scenario.Now < end;)
        {
            _scenario.Pass(TimeSpan.FromMinutes(5));
            _scenario.Tick();
        }
    }

    private void AssertGone(string id)
    {
        var (connection, lease, links, overflow) = _scenario.Snapshot(id);
        Assert.Equal((ConnectionStatus.Deleted, null, null, null), (connection.Status, connection.UserId, lease, overflow));
        Assert.Empty(links);
        Assert.DoesNotContain(_scenario.Vaults.SelectMany(vault => vault.Names), name => name.Contains(id, StringComparison.Ordinal));
        Assert.DoesNotContain(_scenario.Rows("users"), row => row.RowKey == id);
    }
}
