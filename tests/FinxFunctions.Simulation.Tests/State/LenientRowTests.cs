using System.Globalization;
using Azure.Data.Tables;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.State;

namespace FinxFunctions.Simulation.Tests.State;

/// <summary>Rows that another version wrote, or that nobody of ours wrote: a bad field costs itself, a bad row costs itself.</summary>
public sealed class LenientRowTests
{
    private static readonly string[] Keys = ["PartitionKey", "RowKey", "odata.etag", "Timestamp"];

    private readonly Scenario _scenario = new();

    [Fact]
    public void A_field_that_is_missing_or_odd_costs_itself()
    {
        var id = _scenario.Connect();
        var row = RowOf(id, "connection");
        foreach (var name in row.Keys.Except([.. Keys, "Status", "Vault"]).ToList())
        {
            foreach (var odd in new object?[] { null, "nonsense", 7, true, new byte[] { 1 } })
            {
                var changed = new TableEntity(row) { [name] = odd };

                var read = ConnectionRows.Connection(changed);

                Assert.Equal((id, ConnectionStatus.Active), (read.Id, read.Status));
            }
        }
    }

    [Fact]
    public void A_cause_or_a_column_that_this_version_does_not_know_is_passed_over()
    {
        var row = RowOf(_scenario.Connect(), "connection");
        (row["RetryCause"], row["Tomorrow"]) = ("SomethingNew", "x");

        Assert.Null(ConnectionRows.Connection(row).RetryCause);
    }

    [Theory]
    [InlineData("Status", "SomethingNew")]
    [InlineData("Status", "3")]
    [InlineData("Status", null)]
    [InlineData("Vault", "nonsense")]
    [InlineData("Vault", null)]
    public void A_connection_that_cannot_be_read_is_skipped_in_lists_and_counted_and_logged_once(string column, string? value)
    {
        var (bad, good) = (_scenario.Connect(), _scenario.Connect());
        using var counted = _scenario.Metric<long>("finx.rows.unreadable");
        Write("connections", With(RowOf(bad, "connection"), column, value));

        Assert.Equal([good], List());
        Assert.Equal([good], List());
        Assert.Equal([good], ListOfUser(good));

        Assert.Equal(3, counted.GetMeasurementSnapshot().Count);
        Assert.Equal([95], _scenario.Events);
        Assert.Throws<StorageException>(() => _scenario.Do((ConnectionStore store) => store.ReadAsync(bad, CancellationToken.None)));
    }

    [Fact]
    public void A_lease_of_a_kind_that_this_version_does_not_know_is_not_passed_over()
    {
        var id = _scenario.Connect();
        Write("connections", new TableEntity(id, "claim") { ["Kind"] = "SomethingNew", ["Owner"] = "holder", ["LeaseUntil"] = _scenario.Now.AddMinutes(1) });

        Assert.Throws<StorageException>(() => _scenario.Do((ConnectionStore store) => store.ReadAsync(id, CancellationToken.None)));
    }

    [Theory]
    [InlineData("ReturnUri", "nonsense")]
    [InlineData("Status", "SomethingNew")]
    [InlineData("Mode", "SomethingNew")]
    public void A_link_that_cannot_be_read_costs_itself(string column, string value)
    {
        var id = _scenario.Connect();
        var link = RowOf(id, _scenario.Rows("connections").Single(row => row.RowKey.StartsWith("link-", StringComparison.Ordinal)).RowKey);
        Write("connections", With(link, column, value));

        Assert.Empty(_scenario.Do((ConnectionStore store) => store.ReadAsync(id, CancellationToken.None))!.Links);
        Assert.Equal([95], _scenario.Events);
    }

    [Theory]
    [InlineData("202001010000-0", "nonsense")]
    [InlineData("202001010000-0", "")]
    [InlineData("202001010000-0", "9999999999999999999-0123456789abcdef0123456789abcdef")]
    [InlineData("202001010000-0", "0630822816000000000_0123456789abcdef0123456789abcdef")]
    [InlineData("1", "-00000000000000000-0123456789abcdef0123456789abcdef")]
    public void A_due_row_with_a_bad_key_does_not_stop_a_tick(string partition, string key)
    {
        var id = _scenario.Connect();
        Write("agenda", new TableEntity(partition, key) { ["Deadline"] = "nonsense" });
        _scenario.Pass(TimeSpan.FromDays(60));

        _scenario.Tick();
        _scenario.Settle();

        Assert.Equal(2, _scenario.Connection(id).Generation);
        Assert.Contains(95, _scenario.Events);
    }

    [Fact]
    public void Odd_fields_of_a_due_row_cost_themselves()
    {
        var at = _scenario.Now;
        var row = new TableEntity("202701010000-f", string.Create(CultureInfo.InvariantCulture, $"{at.UtcTicks:D19}-{Pairs.Id}")) { ["Deadline"] = "nonsense", ["Failures"] = "many" };

        Assert.Equal(new DueEntry(Pairs.Id, at, null), DueRow.Read(row));
    }

    private static TableEntity With(TableEntity row, string column, object? value)
    {
        row[column] = value;
        return row;
    }

    private TableEntity RowOf(string id, string key) => _scenario.Rows("connections").Single(row => row.PartitionKey == id && row.RowKey == key).ToEntity();

    private void Write(string table, TableEntity row) => _scenario.Do((StateTables tables) => WriteAsync(tables, table, row));

    private static async Task WriteAsync(StateTables tables, string table, TableEntity row)
    {
        var client = table == "agenda" ? await tables.RotationScheduleAsync(CancellationToken.None) : await tables.ConnectionsAsync(CancellationToken.None);
        await client.UpsertEntityAsync(row, TableUpdateMode.Replace, CancellationToken.None);
    }

    private List<string> List() => _scenario.Do(async (ConnectionStore store) => await IdsAsync(store.AllAsync(null, null, CancellationToken.None)));

    private List<string> ListOfUser(string id) => _scenario.Do(async (ConnectionStore store) => await IdsAsync(store.OfUserAsync(_scenario.Connection(id).UserKey, null, CancellationToken.None)));

    private static async Task<List<string>> IdsAsync(IAsyncEnumerable<Connection> connections)
    {
        List<string> ids = [];
        await foreach (var connection in connections)
        {
            ids.Add(connection.Id);
        }

        return ids;
    }
}
