using Azure.Data.Tables;
using FinxFunctions.StandIns;

namespace FinxFunctions.Simulation.Tests.Contract;

/// <summary>The tables in memory.</summary>
public sealed class StandInTableTests : TableContract
{
    [Fact]
    public async Task A_batch_across_partitions_is_refused_though_Azurite_takes_it()
    {
        var table = Unmade();
        await table.CreateIfNotExistsAsync(Cancel);

        await AssertRefusedAsync(400, "CommandsInBatchActOnDifferentPartitions", () => table.SubmitTransactionAsync(
            [new(TableTransactionActionType.Add, Row("p", "r")), new(TableTransactionActionType.Add, Row("q", "r"))], Cancel));
    }

    [Fact]
    public async Task A_batch_of_more_than_a_hundred_changes_is_refused()
    {
        var table = Unmade();
        await table.CreateIfNotExistsAsync(Cancel);

        await AssertRefusedAsync(400, "InvalidInput", () => table.SubmitTransactionAsync(
            Enumerable.Range(0, 101).Select(number => new TableTransactionAction(TableTransactionActionType.Add, Row("p", $"{number}"))), Cancel));
    }

    [Fact]
    public async Task A_row_of_fifteen_times_64_KiB_is_taken_though_Azurite_refuses_it()
    {
        var table = Unmade();
        await table.CreateIfNotExistsAsync(Cancel);
        var row = Row("p", "r");
        for (var chunk = 0; chunk < 15; chunk++)
        {
            row[$"Bytes{chunk}"] = new byte[64 * 1024];
        }

        await table.AddEntityAsync(row, Cancel);
    }

    [Fact]
    public async Task A_restored_table_has_the_rows_of_then()
    {
        var account = new TableAccount();
        var table = new StandInTableServiceClient(account, new DirectNetwork()).GetTableClient(Table);
        await table.CreateIfNotExistsAsync(Cancel);
        var then = (await table.AddEntityAsync(Row("p", "r", 1), Cancel)).Headers.ETag!.Value;
        var rows = account.Table(Table).Snapshot();
        await table.UpdateEntityAsync(Row("p", "r", 2), then, TableUpdateMode.Replace, Cancel);
        await table.AddEntityAsync(Row("p", "s", 1), Cancel);

        account.Table(Table).Restore(rows);

        Assert.Equal([("r", 1)], (await table.QueryAsync<TableEntity>(cancellationToken: Cancel).ToListAsync(Cancel)).Select(row => (row.RowKey, row.GetInt32("Number")!.Value)));
    }

    protected override TableClient Unmade() => new StandInTableServiceClient(new TableAccount(), new DirectNetwork()).GetTableClient(Table);
}
