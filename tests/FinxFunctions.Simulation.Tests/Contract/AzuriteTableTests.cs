using Azure.Data.Tables;

namespace FinxFunctions.Simulation.Tests.Contract;

/// <summary>Azurite's tables.</summary>
public sealed class AzuriteTableTests(TableServer server) : TableContract, IClassFixture<TableServer>
{
    protected override TableClient Unmade() => new TableServiceClient(server.TakeAccount()).GetTableClient(Table);
}
