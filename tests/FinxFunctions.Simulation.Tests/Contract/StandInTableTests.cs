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

    protected override TableClient Unmade() => new StandInTableServiceClient(new TableAccount(), new DirectNetwork()).GetTableClient(Table);
}
