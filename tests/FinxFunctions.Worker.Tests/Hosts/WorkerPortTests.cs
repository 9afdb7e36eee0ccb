using System.Net;
using System.Net.Sockets;
using FunctionsHost.Workers;

namespace FinxFunctions.Worker.Tests.Hosts;

/// <summary>Who listens on a port.</summary>
public sealed class WorkerPortTests
{
    [Fact]
    public void Only_the_process_that_listens_on_a_port_holds_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells.");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var own = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var client = new TcpClient("127.0.0.1", own); // a connection is no listener

        Assert.True(WorkerPort.IsHeld(Environment.ProcessId, own));
        Assert.False(WorkerPort.IsHeld(Environment.ProcessId, ((IPEndPoint)client.Client.LocalEndPoint!).Port));
        Assert.False(WorkerPort.IsHeld(processId: 1, own));
        Assert.False(WorkerPort.IsHeld(int.MaxValue, own)); // no process has this id
    }
}
