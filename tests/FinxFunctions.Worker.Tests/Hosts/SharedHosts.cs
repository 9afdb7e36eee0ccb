using System.Collections.Concurrent;
using FinxFunctions.Worker.Tests.Running;

namespace FinxFunctions.Worker.Tests.Hosts;

/// <summary>
/// The hosts that cases share: one of each kind for cases that leave no trace, and others for cases that bring trouble over them, which take
/// turns. Each is started when the first case asks for it.
/// </summary>
public sealed class SharedHosts : IAsyncDisposable
{
    private readonly ConcurrentDictionary<(HostKind Kind, string Purpose), Lazy<Task<HostUnderTest>>> _hosts = new();
    private readonly ConcurrentDictionary<(HostKind Kind, string Purpose), SemaphoreSlim> _turns = new();

    /// <summary>For the worlds of cases that start a host of their own.</summary>
    public TableServer Tables { get; } = new();

    public Task<HostUnderTest> GetAsync(HostKind kind) => GetAsync(kind, "", null);

    /// <summary>A host that only cases of one purpose share, for one of them at a time.</summary>
    /// <param name="settings">Heeded when the first case of this purpose asks. They are made of the world that the host will have.</param>
    internal async Task<Turn> TakeTurnAsync(HostKind kind, string purpose, Func<World, Dictionary<string, string?>> settings)
    {
        if (kind is HostKind.External)
            throw HostUnderTest.Skip("Needs surroundings that can be brought into trouble.");

        var gate = _turns.GetOrAdd((kind, purpose), _ => new(1));
        await gate.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return new(await GetAsync(kind, purpose, settings), gate);
        }
        catch
        {
            gate.Release();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_hosts.Values.Select(async start =>
        {
            var host = await start.Value;
            await host.DisposeAsync();
            if (host.World is { } world)
                await world.DisposeAsync();
        }));
        foreach (var gate in _turns.Values)
            gate.Dispose();
        await Tables.DisposeAsync();
    }

    private async Task<HostUnderTest> GetAsync(HostKind kind, string purpose, Func<World, Dictionary<string, string?>>? settings) =>
        await _hosts.GetOrAdd((kind, purpose), _ => new(() => StartAsync(kind, settings))).Value;

    private async Task<HostUnderTest> StartAsync(HostKind kind, Func<World, Dictionary<string, string?>>? settings)
    {
        if (kind is HostKind.External)
            return new RemoteUnderTest();

        var world = await World.StartAsync(Tables);
        return await HostUnderTest.StartAsync(kind, world, settings?.Invoke(world));
    }
}
