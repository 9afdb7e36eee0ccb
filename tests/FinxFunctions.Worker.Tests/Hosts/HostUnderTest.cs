using FinxFunctions.Worker.Tests.Running;
using FunctionsHost;

namespace FinxFunctions.Worker.Tests.Hosts;

/// <summary>A running host of the functions, and what a case may know of it.</summary>
public abstract class HostUnderTest : IAsyncDisposable
{
    /// <summary>What a case for the worker, DevHost and any other host has in common: a caller with the function key.</summary>
    public Caller Caller => field ??= new(this);

    public abstract HostKind Kind { get; }

    public abstract Uri Address { get; }

    /// <summary>Opens the functions; null where no key is asked for.</summary>
    public abstract string? FunctionKey { get; }

    /// <summary>Opens everything; null where it is not known.</summary>
    public abstract string? MasterKey { get; }

    /// <summary>Null where nobody may steer what plays finX.</summary>
    public abstract Uri? Sandbox { get; }

    /// <summary>Null where the host runs elsewhere.</summary>
    internal World? World { get; private protected init; }

    /// <summary>All that the process of the functions has printed; null where the host runs elsewhere.</summary>
    public virtual Transcript? Output => null;

    /// <summary>The log records that the functions sent their host beside that; null where they print them.</summary>
    public virtual Transcript? Log => null;

    /// <summary>Starts a host in a world.</summary>
    /// <param name="kind">The worker or DevHost.</param>
    /// <param name="settings">Added to the world's own, or in their place; null takes one away.</param>
    internal static async Task<HostUnderTest> StartAsync(HostKind kind, World world, Dictionary<string, string?>? settings = null)
    {
        HostUnderTest host = kind switch
        {
            HostKind.Worker => await WorkerUnderTest.StartAsync(world, settings),
            HostKind.DevHost => await DevHostUnderTest.StartAsync(world, settings),
            _ => throw Skip("The host runs elsewhere, and is not ours to start."),
        };

        // The worker gives a call 5 to 15 seconds to begin, which on a busy machine the first calls exceed.
        await Eventually.UntilAsync(async () =>
        {
            using var alive = await host.Caller.SendAsync("GET /api/health/live", key: "");
            using var connections = await host.Caller.SendAsync("GET /api/connections/none");
            return (int)alive.StatusCode < 500 && (int)connections.StatusCode < 500;
        });
        return host;
    }

    /// <summary>Ends a case that needs what this host does not have.</summary>
    public static Exception Skip(string reason)
    {
        Assert.Skip(reason);
        return new InvalidOperationException(reason);
    }

    public virtual ValueTask DisposeAsync()
    {
        Caller.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
