using FinxFunctions.DevHost.Local;

[assembly: AssemblyFixture(typeof(FinxFunctions.Tests.Running.TableStorage))]

namespace FinxFunctions.Tests.Running;

/// <summary>One Azurite for all tests, in memory. Each app gets a storage account of its own, so that no test sees another's tables.</summary>
public sealed class TableStorage : IAsyncLifetime
{
    /// <summary>The most that an environment variable holds.</summary>
    private const int Accounts = 1_800;

    private Azurite? _azurite;
    private int _taken;

    public async ValueTask InitializeAsync() => _azurite = await Azurite.StartTablesAsync(folder: null, Enumerable.Range(1, Accounts).Select(NameOf));

    /// <summary>Connection string of an unused account.</summary>
    public string TakeAccount() => Interlocked.Increment(ref _taken) is <= Accounts and var number
        ? _azurite!.ConnectionStringOf(NameOf(number))
        : throw new InvalidOperationException($"There are only {Accounts} storage accounts.");

    public ValueTask DisposeAsync() => _azurite?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static string NameOf(int number) => $"app{number:D4}";
}
