namespace FinxFunctions.Worker.Tests.Hosts;

/// <summary>The host that the environment names.</summary>
internal sealed class RemoteUnderTest : HostUnderTest
{
    public override HostKind Kind => HostKind.External;

    public override Uri Address => ExternalHost.Address!;

    public override string? FunctionKey => ExternalHost.Key;

    public override string? MasterKey => ExternalHost.MasterKey;

    public override Uri? Sandbox => ExternalHost.Sandbox;
}
