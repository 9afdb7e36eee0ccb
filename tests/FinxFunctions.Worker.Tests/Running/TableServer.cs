using System.Globalization;
using FinxFunctions.DevHost.Local;

namespace FinxFunctions.Worker.Tests.Running;

/// <summary>Table Storage in miniature, with an account for each world.</summary>
public sealed class TableServer : IAsyncDisposable
{
    private const int Accounts = 64;

    private readonly Lazy<Task<Azurite>> _azurite = new(() => Azurite.StartTablesAsync(folder: null, Enumerable.Range(1, Accounts).Select(Name)));
    private int _taken;

    /// <summary>The connection string of an account that nobody else uses.</summary>
    public async Task<string> TakeAccountAsync() => (await _azurite.Value).ConnectionStringOf(Name(Interlocked.Increment(ref _taken)));

    public async ValueTask DisposeAsync()
    {
        if (_azurite.IsValueCreated)
            await (await _azurite.Value).DisposeAsync();
    }

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"worldaccount{number}");
}
