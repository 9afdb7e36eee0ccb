using FinxFunctions.Worker.Tests.Running;
using FunctionsHost;

namespace FinxFunctions.Worker.Tests.Hosts;

/// <summary>DevHost as a process of its own. It knows one key, which opens everything.</summary>
internal sealed class DevHostUnderTest : HostUnderTest
{
    private readonly DevHostProcess _process;
    private readonly string _key;

    private DevHostUnderTest(World world, DevHostProcess process, string key) => (World, _process, _key) = (world, process, key);

    public override HostKind Kind => HostKind.DevHost;

    public override Uri Address => _process.Address;

    public override string FunctionKey => _key;

    public override string MasterKey => _key;

    public override Uri Sandbox => World!.Sandbox.FinxAddress;

    public override Transcript Output => _process.Output;

    public static async Task<DevHostUnderTest> StartAsync(World world, Dictionary<string, string?>? settings = null)
    {
        var all = world.Settings(settings);
        all.TryAdd(World.KeySetting, Guid.NewGuid().ToString("N"));
        return new(world, await DevHostProcess.StartAsync(all), all[World.KeySetting]);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _process.DisposeAsync();
    }
}
