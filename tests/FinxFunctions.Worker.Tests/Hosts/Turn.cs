using FinxFunctions.Worker.Tests.Running;

namespace FinxFunctions.Worker.Tests.Hosts;

/// <summary>A host that one case has to itself for a while. It ends with all trouble taken away.</summary>
internal sealed class Turn(HostUnderTest host, SemaphoreSlim gate) : IDisposable
{
    public HostUnderTest Host => host;

    public Caller Caller => host.Caller;

    public World World => host.World!;

    public void Dispose()
    {
        World.Sandbox.Faults.Clear();
        World.Tables.Reopen();
        gate.Release();
    }
}
