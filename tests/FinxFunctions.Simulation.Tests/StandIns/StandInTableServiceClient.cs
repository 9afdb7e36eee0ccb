using Azure.Data.Tables;

namespace FinxFunctions.Simulation.Tests.StandIns;

/// <summary>One process's way to a storage account in memory.</summary>
internal sealed class StandInTableServiceClient(TableAccount account, Network line) : TableServiceClient
{
    public override TableClient GetTableClient(string tableName) => new StandInTableClient(account.Table(tableName), line);
}
