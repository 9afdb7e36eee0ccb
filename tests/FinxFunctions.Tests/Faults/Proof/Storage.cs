using System.Collections.Concurrent;
using Azure.Data.Tables;
using FinxFunctions.DevHost.Local;

namespace FinxFunctions.Tests.Faults.Proof;

/// <summary>Table Storage for one world at a time, empty each time. An Azurite is used again rather than started anew.</summary>
public sealed class Storage : IAsyncLifetime
{
    private readonly ConcurrentBag<Azurite> _free = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    internal async Task<Azurite> RentAsync()
    {
        if (!_free.TryTake(out var azurite))
            return await Azurite.StartTablesAsync(folder: null);

        var service = new TableServiceClient(azurite.ConnectionString);
        await foreach (var table in service.QueryAsync())
            await service.DeleteTableAsync(table.Name);
        return azurite;
    }

    internal void Return(Azurite azurite) => _free.Add(azurite);

    public async ValueTask DisposeAsync()
    {
        foreach (var azurite in _free)
            await azurite.DisposeAsync();
    }
}
