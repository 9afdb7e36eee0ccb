using FinxFunctions.Connections;
using FinxFunctions.Maintenance;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.State;

namespace FinxFunctions.Simulation.Tests.State;

/// <summary>Table Storage takes 100 rows in one batch. A connection may have more links than that.</summary>
public sealed class LargeBatchTests
{
    private readonly Scenario _scenario = new();

    [Theory]
    [InlineData(96)]
    [InlineData(97)]
    [InlineData(98)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(250)]
    public void A_connection_with_more_links_than_a_batch_holds_is_deleted(int links)
    {
        var id = _scenario.Connect();
        AddLinks(id, links - 1);

        var outcome = Delete(_scenario, id);

        Assert.Equal(DeletionOutcome.Deleted, outcome);
        Assert.Equal(ConnectionStatus.Deleted, _scenario.Connection(id).Status);
        Assert.Empty(_scenario.Snapshot(id).Links);
        Assert.Single(_scenario.Rows("connections"));
    }

    [Theory]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(250)]
    public void So_is_one_that_was_never_connected(int links)
    {
        var id = _scenario.CreateLink().ConnectionId;
        AddLinks(id, links - 1);

        _scenario.Do(async (ConnectionStore store) => Assert.True(await store.TryDeleteAsync((await store.ReadAsync(id, CancellationToken.None))!, CancellationToken.None)));

        Assert.Empty(_scenario.Rows("connections"));
    }

    [Fact]
    public void A_process_that_dies_between_the_batches_leaves_a_deletion_that_another_finishes()
    {
        var id = _scenario.Connect();
        AddLinks(id, 249);
        _scenario.Script.On("connections.submit", ScriptedFault.Kills(acts: true), skip: 1);
        var other = _scenario.OtherProcess();

        _ = _scenario.Begin((ConnectionDeletion deletion) => deletion.DeleteAsync("function-key", id));
        other.Pass(TimeSpan.FromMinutes(20));
        Assert.InRange(other.Snapshot(id).Links.Count, 1, 249);
        other.Do((RotationTimer timer) => timer.TickAsync(CancellationToken.None));
        other.Settle();

        Assert.Single(other.Rows("connections"));
        Assert.Equal(ConnectionStatus.Deleted, other.Connection(id).Status);
    }

    private static DeletionOutcome Delete(Scenario scenario, string id) => scenario.Do((ConnectionDeletion deletion) => deletion.DeleteAsync("function-key", id));

    /// <summary>Adds links past the service, as earlier versions let callers make them.</summary>
    private void AddLinks(string id, int count) => _scenario.Do(async (ConnectionStore store) =>
    {
        for (var added = 0; added < count; added++)
        {
            var snapshot = (await store.ReadAsync(id, CancellationToken.None))!;
            var link = new Link($"{added:x64}", "flow", new Uri("https://app.example/banking"), null, _scenario.Now, _scenario.Now.AddHours(1));
            Assert.NotNull(await store.TryWriteAsync(new ConnectionChange(snapshot.Connection) { Links = [link] }, CancellationToken.None));
        }
    });
}
