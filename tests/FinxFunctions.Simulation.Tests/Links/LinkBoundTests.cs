using FinxFunctions.Authorization;
using FinxFunctions.Callback;
using FinxFunctions.Http;
using FinxFunctions.Links;
using FinxFunctions.Simulation.Tests.Connections;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.State;

namespace FinxFunctions.Simulation.Tests.Links;

/// <summary>How many links a connection may have, and what one Idempotency-Key stands for.</summary>
public sealed class LinkBoundTests
{
    private const int Most = 50;

    private readonly Scenario _scenario = new();

    [Fact]
    public void A_connection_keeps_fifty_links_and_drops_the_oldest()
    {
        var id = _scenario.Connect();
        var made = Enumerable.Range(0, 120).Select(_ => _scenario.CreateLink(id)).ToList();

        Assert.Equal(Most, _scenario.Snapshot(id).Links.Count);
        Assert.IsType<CallbackOutcome.Unknown>(_scenario.Return(_scenario.Finish(made[0])));
        Assert.IsType<CallbackOutcome.Finished>(_scenario.Return(_scenario.Finish(made[^1])));
        Assert.IsType<CallbackOutcome.Finished>(_scenario.Return(_scenario.Finish(made[^40])));
    }

    [Fact]
    public void Links_that_are_done_go_before_links_in_use()
    {
        var id = _scenario.Connect();
        var first = _scenario.CreateLink(id);
        var done = Enumerable.Range(0, Most - 2).Select(_ => _scenario.CreateLink(id)).ToList();
        done.ForEach(link => _scenario.Return(new CallbackQuery(_scenario.Finx.Cancel(link.FlowId), link.FlowId, null, false, IsCancelled: true)));

        for (var number = 0; number < 20; number++)
        {
            _scenario.CreateLink(id);
        }

        Assert.Equal("connected", Assert.IsType<CallbackOutcome.Finished>(_scenario.Return(_scenario.Finish(first))).Outcome["status"]);
        Assert.Equal(Most, _scenario.Snapshot(id).Links.Count);
    }

    [Fact]
    public void Hundreds_of_links_of_an_earlier_version_are_brought_down()
    {
        var id = _scenario.Connect();
        DeletionTests.AddLinks(_scenario, id, 400, _scenario.Now.AddHours(1));

        for (var number = 0; number < 5; number++)
        {
            Assert.NotNull(_scenario.CreateLink(id));
        }

        Assert.Equal(Most, _scenario.Snapshot(id).Links.Count);
    }

    [Fact]
    public void One_Idempotency_Key_belongs_to_one_connection()
    {
        var (a, b) = (_scenario.Connect(), _scenario.Connect());
        var first = Create(a, "key");

        Assert.Throws<IdempotencyException>(() => Create(b, "key"));
        Assert.Throws<IdempotencyException>(() => Create(null, "key"));

        Assert.Equal(first, Create(a, "key"));
        Assert.NotNull(Create(b, "other key"));
    }

    [Fact]
    public void The_key_of_a_new_connection_belongs_to_it()
    {
        var a = _scenario.Connect();
        var first = Create(null, "key");

        Assert.Throws<IdempotencyException>(() => Create(a, "key"));

        Assert.Equal(first, Create(null, "key"));
    }

    [Fact]
    public void Two_requests_at_once_with_one_key_for_two_connections_get_one_link()
    {
        var (a, b) = (_scenario.Connect(), _scenario.Connect());
        var one = _scenario.Begin((LinkService links) => links.CreateAsync(Caller.WithKey, Request(a, "key"), CancellationToken.None));
        var other = _scenario.OtherProcess().Begin((LinkService links) => links.CreateAsync(Caller.WithKey, Request(b, "key"), CancellationToken.None));
        _scenario.Pass(TimeSpan.FromSeconds(5));

        Assert.Equal(1, new[] { one, other }.Count(link => link.IsCompletedSuccessfully));
        Assert.Contains(new[] { one, other }, link => link.Exception?.InnerException is IdempotencyException);
    }

    [Fact]
    public void A_crash_between_the_key_and_its_link_leaves_the_key_usable()
    {
        var a = _scenario.Connect();
        var other = _scenario.OtherProcess();
        other.Script.On("connections.submit", ScriptedFault.Kills(acts: false));
        _ = other.Begin((LinkService links) => links.CreateAsync(Caller.WithKey, Request(a, "key"), CancellationToken.None));
        _scenario.Pass(TimeSpan.FromSeconds(5));
        Assert.Single(_scenario.Snapshot(a).Links);

        var link = Create(a, "key");

        Assert.Equal(link, Create(a, "key"));
    }

    [Fact]
    public void A_link_of_an_earlier_version_is_answered_again_without_an_index_row()
    {
        var a = _scenario.Connect();
        var renewal = Create(a, "renewal");
        var created = Create(null, "new");
        foreach (var row in _scenario.Rows("users").Where(row => row.Values.ContainsKey("RequestHash")).ToList())
        {
            _scenario.Do((Azure.Data.Tables.TableServiceClient tables) => tables.GetTableClient("users").DeleteEntityAsync(row.PartitionKey, row.RowKey, Azure.ETag.All));
        }

        Assert.Equal(renewal, Create(a, "renewal"));
        Assert.Equal(created, Create(null, "new"));
        Assert.Throws<IdempotencyException>(() => Create(a, "new"));
    }

    [Fact]
    public void Keys_whose_links_are_over_are_removed_by_the_timer_and_can_be_used_again()
    {
        var (a, b) = (_scenario.Connect(), _scenario.Connect());
        for (var number = 0; number < 30; number++)
        {
            Create(a, $"key {number}");
        }

        Assert.Equal(30, _scenario.Rows("users").Count(row => row.Values.ContainsKey("RequestHash")));
        _scenario.Pass(TimeSpan.FromHours(2));
        Assert.Throws<IdempotencyException>(() => Create(a, "key 0"));
        _scenario.Pass(TimeSpan.FromHours(24));
        Assert.NotNull(Create(b, "key 0"));
        _scenario.Tick();
        _scenario.Tick();

        Assert.Single(_scenario.Rows("users"), row => row.Values.ContainsKey("RequestHash"));
    }

    private CreatedLink Create(string? connectionId, string key) =>
        _scenario.Do((LinkService links) => links.CreateAsync(Caller.WithKey, Request(connectionId, key), CancellationToken.None))!;

    private static LinkRequest Request(string? connectionId, string key) =>
        new("user-1", new Uri("https://app.example/banking/done"), "theirs", connectionId, LinkMode.Redirect, null, null) { IdempotencyKey = key };
}
