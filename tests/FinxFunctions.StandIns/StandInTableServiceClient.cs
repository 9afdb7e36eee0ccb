using Azure.Data.Tables;

namespace FinxFunctions.StandIns;

/// <summary>The client side of a storage account in memory.</summary>
public sealed class StandInTableServiceClient(TableAccount account, Network network) : TableServiceClient
{
    public override TableClient GetTableClient(string tableName) => new StandInTableClient(account.Table(tableName), network);
}
