using Azure;
using Azure.Data.Tables;
using FinxFunctions.State;

namespace FinxFunctions.Simulation.Tests.Contract;

/// <summary>
/// What the service relies on of Table Storage. The same tests run against the tables in memory and against Azurite: where the two part, the
/// simulation would prove nothing.
/// </summary>
public abstract class TableContract
{
    protected const string Table = "rows";

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_table_is_made_once_and_there_from_then_on()
    {
        var table = Unmade();
        await AssertRefusedAsync(404, "TableNotFound", () => table.AddEntityAsync(Row("p", "r"), Cancel));
        await AssertRefusedAsync(404, "TableNotFound", () => RowsAsync(table, null));

        await table.CreateIfNotExistsAsync(Cancel);
        await table.AddEntityAsync(Row("p", "r"), Cancel);
        await table.CreateIfNotExistsAsync(Cancel);

        Assert.Single(await RowsAsync(table, null));
    }

    [Fact]
    public async Task Values_come_back_as_they_went_and_what_is_null_is_not_there()
    {
        var table = await OpenAsync();
        var at = new DateTimeOffset(2027, 1, 1, 12, 34, 56, TimeSpan.FromHours(2)).AddTicks(1_234_567);
        var row = Row("p", "r");
        (row["Text"], row["Number"], row["Flag"], row["At"], row["Bytes"], row["Nothing"], row["Empty"]) = ("ä'\"<", 42, true, at, new byte[] { 1, 2, 3 }, null, "");

        await table.AddEntityAsync(row, Cancel);

        var read = Assert.Single(await RowsAsync(table, null));
        Assert.Equal(("p", "r", "ä'\"<", 42, true, ""), (read.PartitionKey, read.RowKey, read.GetString("Text"), read.GetInt32("Number"), read.GetBoolean("Flag"), read.GetString("Empty")));
        Assert.Equal((at, TimeSpan.Zero), (read.GetDateTimeOffset("At"), read.GetDateTimeOffset("At")!.Value.Offset));
        Assert.Equal([1, 2, 3], read.GetBinary("Bytes"));
        Assert.False(read.ContainsKey("Nothing"));
    }

    [Fact]
    public async Task A_row_class_reads_and_writes_the_columns_of_its_properties()
    {
        var table = await OpenAsync();
        var at = new DateTimeOffset(2027, 1, 1, 12, 0, 0, TimeSpan.FromHours(1));
        var entry = new DueEntry(Pairs.Id, at, at.AddDays(1));
        var row = DueRow.Of(entry);

        await table.UpsertEntityAsync(row, TableUpdateMode.Replace, Cancel);
        await table.UpsertEntityAsync(DueRow.Of(entry with { At = at.AddMinutes(1), Deadline = null }), TableUpdateMode.Replace, Cancel);

        var columns = (await RowsAsync(table, null))[0];
        Assert.Equal((row.PartitionKey, row.RowKey, entry.Deadline), (columns.PartitionKey, columns.RowKey, columns.GetDateTimeOffset("Deadline")));
        var read = await table.QueryAsync<DueRow>(cancellationToken: Cancel).ToListAsync(Cancel);
        Assert.Equal([entry, entry with { At = at.AddMinutes(1), Deadline = null }], (await RowsAsync(table, null)).Select(DueRow.Read));
        Assert.Equal(columns.ETag, read[0].ETag);
        var found = await table.GetEntityIfExistsAsync<DueRow>(row.PartitionKey, row.RowKey, cancellationToken: Cancel);
        Assert.Equal((row.RowKey, entry.Deadline), (found.Value!.RowKey, found.Value.Deadline));
    }

    [Fact]
    public async Task A_row_is_added_once()
    {
        var table = await OpenAsync();
        await table.AddEntityAsync(Row("p", "r", 1), Cancel);

        await AssertRefusedAsync(409, "EntityAlreadyExists", () => table.AddEntityAsync(Row("p", "r", 2), Cancel));

        Assert.Equal(1, (await FindAsync(table, "r"))!.GetInt32("Number"));
    }

    [Fact]
    public async Task Every_write_gives_another_ETag_which_a_read_gives_too()
    {
        var table = await OpenAsync();
        var added = (await table.AddEntityAsync(Row("p", "r", 1), Cancel)).Headers.ETag;
        Assert.Equal(added, (await FindAsync(table, "r"))!.ETag);

        var updated = (await table.UpdateEntityAsync(Row("p", "r", 1), added!.Value, TableUpdateMode.Replace, Cancel)).Headers.ETag;

        Assert.NotEqual(added, updated);
        Assert.Equal(updated, (await FindAsync(table, "r"))!.ETag);
        var upserted = (await table.UpsertEntityAsync(Row("p", "r", 1), TableUpdateMode.Replace, Cancel)).Headers.ETag;
        Assert.NotEqual(updated, upserted);
        Assert.Equal(upserted, Assert.Single(await RowsAsync(table, null)).ETag);
    }

    [Fact]
    public async Task An_update_of_what_moved_is_refused_and_changes_nothing()
    {
        var table = await OpenAsync();
        var stale = (await table.AddEntityAsync(Row("p", "r", 1), Cancel)).Headers.ETag!.Value;
        await table.UpdateEntityAsync(Row("p", "r", 2), stale, TableUpdateMode.Replace, Cancel);

        await AssertRefusedAsync(412, "UpdateConditionNotSatisfied", () => table.UpdateEntityAsync(Row("p", "r", 3), stale, TableUpdateMode.Replace, Cancel));
        Assert.Equal(2, (await FindAsync(table, "r"))!.GetInt32("Number"));

        await table.UpdateEntityAsync(Row("p", "r", 4), ETag.All, TableUpdateMode.Replace, Cancel);
        Assert.Equal(4, (await FindAsync(table, "r"))!.GetInt32("Number"));
    }

    [Fact]
    public async Task An_update_of_what_is_not_there_is_refused()
    {
        var table = await OpenAsync();

        await AssertRefusedAsync(404, "ResourceNotFound", () => table.UpdateEntityAsync(Row("p", "r"), ETag.All, TableUpdateMode.Replace, Cancel));
        await AssertRefusedAsync(404, "ResourceNotFound", () => table.UpdateEntityAsync(Row("p", "r"), new ETag("W/\"datetime'2027-01-01T00%3A00%3A00.0000000Z'\""), TableUpdateMode.Replace, Cancel));
    }

    [Fact]
    public async Task A_replaced_row_has_nothing_of_the_former()
    {
        var table = await OpenAsync();
        var former = Row("p", "r", 1);
        former["Former"] = "x";
        await table.AddEntityAsync(former, Cancel);

        await table.UpsertEntityAsync(Row("p", "r", 2), TableUpdateMode.Replace, Cancel);

        var row = (await FindAsync(table, "r"))!;
        Assert.Equal((2, false), (row.GetInt32("Number"), row.ContainsKey("Former")));
    }

    [Fact]
    public async Task An_upsert_adds_what_is_not_there()
    {
        var table = await OpenAsync();

        await table.UpsertEntityAsync(Row("p", "r", 1), TableUpdateMode.Replace, Cancel);

        Assert.NotNull(await FindAsync(table, "r"));
    }

    [Fact]
    public async Task A_deletion_of_what_moved_is_refused()
    {
        var table = await OpenAsync();
        var stale = (await table.AddEntityAsync(Row("p", "r", 1), Cancel)).Headers.ETag!.Value;
        await table.UpsertEntityAsync(Row("p", "r", 2), TableUpdateMode.Replace, Cancel);

        await AssertRefusedAsync(412, "UpdateConditionNotSatisfied", () => table.DeleteEntityAsync("p", "r", stale, Cancel));
        Assert.NotNull(await FindAsync(table, "r"));

        Assert.Equal(204, (await table.DeleteEntityAsync("p", "r", ETag.All, Cancel)).Status);
        Assert.Null(await FindAsync(table, "r"));
    }

    [Fact]
    public async Task A_deletion_of_what_is_not_there_is_no_error()
    {
        var table = await OpenAsync();

        Assert.Equal(404, (await table.DeleteEntityAsync("p", "r", ETag.All, Cancel)).Status);
    }

    [Fact]
    public async Task A_row_that_was_deleted_can_be_added_again_and_is_another()
    {
        var table = await OpenAsync();
        var first = (await table.AddEntityAsync(Row("p", "r"), Cancel)).Headers.ETag!.Value;
        await table.DeleteEntityAsync("p", "r", first, Cancel);

        await table.AddEntityAsync(Row("p", "r"), Cancel);

        await AssertRefusedAsync(412, "UpdateConditionNotSatisfied", () => table.UpdateEntityAsync(Row("p", "r"), first, TableUpdateMode.Replace, Cancel));
    }

    [Fact]
    public async Task A_batch_does_all_of_it_and_gives_ETags_in_its_order()
    {
        var table = await OpenAsync();
        var etag = (await table.AddEntityAsync(Row("p", "updated", 1), Cancel)).Headers.ETag!.Value;
        await table.AddEntityAsync(Row("p", "deleted"), Cancel);

        var answers = (await table.SubmitTransactionAsync(
            [
                new(TableTransactionActionType.UpdateReplace, Row("p", "updated", 2), etag),
                new(TableTransactionActionType.Add, Row("p", "added")),
                new(TableTransactionActionType.Delete, Row("p", "deleted"), ETag.All),
                new(TableTransactionActionType.UpsertReplace, Row("p", "upserted")),
            ],
            Cancel)).Value;

        Assert.Equal(["added", "updated", "upserted"], (await RowsAsync(table, null)).Select(row => row.RowKey));
        Assert.Equal((await FindAsync(table, "updated"))!.ETag, answers[0].Headers.ETag);
        Assert.Equal((await FindAsync(table, "added"))!.ETag, answers[1].Headers.ETag);
        Assert.Equal((await FindAsync(table, "upserted"))!.ETag, answers[3].Headers.ETag);
    }

    [Theory]
    [InlineData(TableTransactionActionType.Add, 409, "EntityAlreadyExists")]
    [InlineData(TableTransactionActionType.UpdateReplace, 412, "UpdateConditionNotSatisfied")]
    [InlineData(TableTransactionActionType.Delete, 412, "UpdateConditionNotSatisfied")]
    public async Task A_batch_that_is_refused_in_part_does_nothing(TableTransactionActionType type, int status, string code)
    {
        var table = await OpenAsync();
        var stale = (await table.AddEntityAsync(Row("p", "there", 1), Cancel)).Headers.ETag!.Value;
        await table.UpsertEntityAsync(Row("p", "there", 2), TableUpdateMode.Replace, Cancel);

        var refusal = await AssertRefusedAsync(status, code, () => table.SubmitTransactionAsync(
            [
                new(TableTransactionActionType.Add, Row("p", "first")),
                type is TableTransactionActionType.Add ? new(type, Row("p", "there", 3)) : new(type, Row("p", "there", 3), stale),
                new(TableTransactionActionType.UpsertReplace, Row("p", "last")),
            ],
            Cancel));

        Assert.IsType<TableTransactionFailedException>(refusal);
        Assert.Equal(2, Assert.Single(await RowsAsync(table, null)).GetInt32("Number"));
    }

    [Theory]
    [InlineData(TableTransactionActionType.UpdateReplace)]
    [InlineData(TableTransactionActionType.Delete)]
    public async Task A_batch_that_misses_a_row_does_nothing(TableTransactionActionType type)
    {
        var table = await OpenAsync();

        await AssertRefusedAsync(404, "ResourceNotFound", () => table.SubmitTransactionAsync(
            [new(TableTransactionActionType.Add, Row("p", "first")), new(type, Row("p", "missing"), ETag.All)], Cancel));

        Assert.Empty(await RowsAsync(table, null));
    }

    [Fact]
    public async Task A_batch_names_no_row_twice()
    {
        var table = await OpenAsync();

        await AssertRefusedAsync(400, "InvalidDuplicateRow", () => table.SubmitTransactionAsync(
            [new(TableTransactionActionType.UpsertReplace, Row("p", "r", 1)), new(TableTransactionActionType.UpsertReplace, Row("p", "r", 2))], Cancel));

        Assert.Empty(await RowsAsync(table, null));
    }

    [Fact]
    public async Task A_batch_makes_up_to_a_hundred_changes()
    {
        var table = await OpenAsync();

        await table.SubmitTransactionAsync(Changes(100), Cancel);

        Assert.Equal(100, (await RowsAsync(table, null)).Count);
        await Assert.ThrowsAnyAsync<Exception>(() => table.SubmitTransactionAsync(Changes(101), Cancel)); // Azurite answers what its client cannot read
        Assert.Equal(100, (await RowsAsync(table, null)).Count);

        static IEnumerable<TableTransactionAction> Changes(int count) =>
            Enumerable.Range(0, count).Select(number => new TableTransactionAction(TableTransactionActionType.UpsertReplace, Row("p", $"{number:D3}")));
    }

    [Fact]
    public async Task An_empty_batch_is_a_defect()
    {
        var table = await OpenAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => table.SubmitTransactionAsync([], Cancel));
    }

    [Fact]
    public async Task A_query_gives_rows_in_the_order_of_their_keys_by_code_unit()
    {
        var table = await OpenAsync();
        foreach (var (partition, row) in new[] { ("b", "1"), ("a", "B"), ("a", "a"), ("a", "A"), ("a", "-"), ("B", "x"), ("a", "10"), ("a", "9") })
        {
            await table.AddEntityAsync(Row(partition, row), Cancel);
        }

        Assert.Equal(["B x", "a -", "a 10", "a 9", "a A", "a B", "a a", "b 1"], (await RowsAsync(table, null)).Select(found => $"{found.PartitionKey} {found.RowKey}"));
    }

    [Fact]
    public async Task A_filter_compares_keys()
    {
        var table = await OpenAsync();
        foreach (var partition in new[] { "a", "b", "c'", "d" })
        {
            await table.AddEntityAsync(Row(partition, "1"), Cancel);
            await table.AddEntityAsync(Row(partition, "2"), Cancel);
        }

        Assert.Equal(["a1", "a2", "b1", "b2"], await KeysAsync(table, TableClient.CreateQueryFilter($"PartitionKey lt {"c'"}")));
        Assert.Equal(["c'1", "c'2"], await KeysAsync(table, TableClient.CreateQueryFilter($"PartitionKey eq {"c'"}")));
        Assert.Equal(["b2", "c'2", "d2"], await KeysAsync(table, TableClient.CreateQueryFilter($"PartitionKey gt {"a"} and RowKey eq {"2"}")));
        Assert.Equal(["b2"], await KeysAsync(table, TableClient.CreateQueryFilter($"PartitionKey eq {"b"} and RowKey gt {"1"}")));
        Assert.Equal(["b1", "b2", "c'1", "c'2"], await KeysAsync(table, TableClient.CreateQueryFilter($"PartitionKey ge {"b"} and PartitionKey le {"c'"}")));
        Assert.Equal(["a1", "a2", "b1", "b2", "c'1", "c'2", "d1", "d2"], await KeysAsync(table, TableClient.CreateQueryFilter($"PartitionKey gt {""}")));
        Assert.Empty(await KeysAsync(table, TableClient.CreateQueryFilter($"PartitionKey eq {"e"}")));
        Assert.Empty(await KeysAsync(table, TableClient.CreateQueryFilter($"PartitionKey gt {"c"} and PartitionKey lt {"b"}")));
    }

    [Fact]
    public async Task A_query_goes_on_from_page_to_page()
    {
        const int Rows = 2001;
        var table = await OpenAsync();
        foreach (var batch in Enumerable.Range(0, Rows).Chunk(100))
        {
            await table.SubmitTransactionAsync(batch.Select(number => new TableTransactionAction(TableTransactionActionType.Add, Row("p", $"{number:D4}"))), Cancel);
        }

        var pages = await table.QueryAsync<TableEntity>(cancellationToken: Cancel).AsPages().ToListAsync(Cancel);

        Assert.Equal([1000, 1000, 1], pages.Select(page => page.Values.Count));
        Assert.Equal(Enumerable.Range(0, Rows).Select(number => $"{number:D4}"), pages.SelectMany(page => page.Values).Select(row => row.RowKey));
        Assert.Null(pages[^1].ContinuationToken);
    }

    [Fact]
    public async Task A_row_that_is_looked_for_is_there_or_not()
    {
        var table = await OpenAsync();
        await table.AddEntityAsync(Row("p", "r", 7), Cancel);

        Assert.Equal(7, (await table.GetEntityIfExistsAsync<TableEntity>("p", "r", cancellationToken: Cancel)).Value!.GetInt32("Number"));
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("p", "other", cancellationToken: Cancel)).HasValue);
    }

    [Fact]
    public async Task A_text_has_up_to_32_Ki_characters_and_bytes_up_to_64_Ki()
    {
        var table = await OpenAsync();

        await table.UpsertEntityAsync(With("Text", new string('x', 32 * 1024)), TableUpdateMode.Replace, Cancel);
        await table.UpsertEntityAsync(With("Bytes", new byte[64 * 1024]), TableUpdateMode.Replace, Cancel);

        await AssertRefusedAsync(400, "PropertyValueTooLarge", () => table.UpsertEntityAsync(With("Text", new string('x', (32 * 1024) + 1)), TableUpdateMode.Replace, Cancel));
        await AssertRefusedAsync(400, "PropertyValueTooLarge", () => table.UpsertEntityAsync(With("Bytes", new byte[(64 * 1024) + 1]), TableUpdateMode.Replace, Cancel));
    }

    [Fact]
    public async Task A_row_has_up_to_a_mebibyte()
    {
        var table = await OpenAsync();

        // Azurite counts bytes as they are written in its JSON, so that it takes three quarters of them.
        await table.UpsertEntityAsync(Large(11), TableUpdateMode.Replace, Cancel);

        await AssertRefusedAsync(400, "EntityTooLarge", () => table.UpsertEntityAsync(Large(17), TableUpdateMode.Replace, Cancel));

        static TableEntity Large(int chunks)
        {
            var row = Row("p", "r");
            for (var chunk = 0; chunk < chunks; chunk++)
            {
                row[$"Bytes{chunk}"] = new byte[64 * 1024];
            }

            return row;
        }
    }

    /// <summary>A table that does not exist yet.</summary>
    protected abstract TableClient Unmade();

    protected static TableEntity Row(string partition, string row, int number = 0) => new(partition, row) { ["Number"] = number };

    protected static async Task<RequestFailedException> AssertRefusedAsync(int status, string code, Func<Task> call)
    {
        var refusal = await Assert.ThrowsAnyAsync<RequestFailedException>(call);
        Assert.Equal((status, code), (refusal.Status, refusal.ErrorCode));
        return refusal;
    }

    /// <summary>A table that is there and holds nothing.</summary>
    private async Task<TableClient> OpenAsync()
    {
        var table = Unmade();
        await table.CreateIfNotExistsAsync(Cancel);
        return table;
    }

    private static TableEntity With(string name, object value) => new("p", "r") { [name] = value };

    private static async Task<TableEntity?> FindAsync(TableClient table, string row) =>
        await table.GetEntityIfExistsAsync<TableEntity>("p", row, cancellationToken: Cancel) is { HasValue: true, Value: var found } ? found : null;

    private static async Task<IReadOnlyList<TableEntity>> RowsAsync(TableClient table, string? filter) => await table.QueryAsync<TableEntity>(filter, cancellationToken: Cancel).ToListAsync(Cancel);

    private static async Task<IReadOnlyList<string>> KeysAsync(TableClient table, string filter) => [.. (await RowsAsync(table, filter)).Select(row => row.PartitionKey + row.RowKey)];
}
