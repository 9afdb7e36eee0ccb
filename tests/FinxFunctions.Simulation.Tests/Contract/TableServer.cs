using FinxFunctions.DevHost.Local;

namespace FinxFunctions.Simulation.Tests.Contract;

/// <summary>One Azurite, in memory; each test gets a storage account of its own.</summary>
public sealed class TableServer : IAsyncLifetime
{
    private const int Accounts = 100;

    private Azurite? _azurite;
    private int _taken;

    public async ValueTask InitializeAsync() => _azurite = await Azurite.StartTablesAsync(folder: null, Enumerable.Range(1, Accounts).Select(NameOf));

    /// <summary>Connection string of an unused account.</summary>
    public string TakeAccount() => _azurite!.ConnectionStringOf(NameOf(Interlocked.Increment(ref _taken)));

    public ValueTask DisposeAsync() => _azurite?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static string NameOf(int number) => $"contract{number:D3}";
}
