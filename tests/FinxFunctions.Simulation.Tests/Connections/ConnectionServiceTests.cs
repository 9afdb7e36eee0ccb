using FinxFunctions.Authorization;
using FinxFunctions.Connections;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.State;

namespace FinxFunctions.Simulation.Tests.Connections;

public sealed class ConnectionServiceTests
{
    private readonly Scenario _scenario = new();

    [Fact]
    public void A_page_ends_after_some_thousand_connections_that_do_not_match()
    {
        var id = _scenario.Connect();
        var mine = _scenario.Connection(id);
        for (var number = 0; number < 5000; number++)
        {
            Add($"{number:x32}", mine);
        }

        List<ConnectionView> found = [];
        var (pages, next) = (0, (string?)null);
        do
        {
            _scenario.Script.Forget();
            var page = _scenario.Do((ConnectionService connections) => connections.ListAsync(Caller.WithKey, new ConnectionQuery("user-1", ConnectionStatus.Active, next, 10), CancellationToken.None));
            Assert.InRange(_scenario.Script.Calls.Count, 1, ConnectionService.MostRead + 10);
            found.AddRange(page.Connections);
            (pages, next) = (pages + 1, page.Next);
        }
        while (next is not null);

        Assert.Equal(id, Assert.Single(found).ConnectionId);
        Assert.Equal(3, pages);
    }

    [Fact]
    public void A_connection_whose_tokens_are_persisted_is_shown_as_active()
    {
        var link = _scenario.CreateLink();
        _scenario.Script.On("set", ScriptedFault.Fails(), times: int.MaxValue);
        _scenario.Return(_scenario.Finish(link));
        Assert.Equal(ConnectionStatus.Pending, _scenario.Connection(link.ConnectionId).Status);

        var view = _scenario.Do((ConnectionService connections) => connections.FindAsync(Caller.WithKey, link.ConnectionId, CancellationToken.None))!;

        Assert.Equal(("active", 1, null), (view.Status, view.Generation, view.Reason));
    }

    private void Add(string id, Connection like) => _scenario.Do(async (ConnectionStore store) =>
    {
        var connection = new Connection { Id = id, CallerId = like.CallerId, UserKey = like.UserKey, UserId = like.UserId, CreatedAt = _scenario.Now, Vault = like.Vault };
        await store.IndexUserAsync(connection, CancellationToken.None);
        await store.TryCreateAsync(connection, new Link(id, id, new Uri("https://app.example/"), null, _scenario.Now, _scenario.Now), CancellationToken.None);
    });
}
