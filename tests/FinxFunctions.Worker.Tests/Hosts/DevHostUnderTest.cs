using FinxFunctions.Worker.Tests.Running;
using FunctionsHost;

namespace FinxFunctions.Worker.Tests.Hosts;

/// <summary>DevHost as a process of its own, with a function key and a master key.</summary>
internal sealed class DevHostUnderTest : HostUnderTest
{
    private readonly DevHostProcess _process;
    private readonly string _functionKey;
    private readonly string _masterKey;

    private DevHostUnderTest(World world, DevHostProcess process, string functionKey, string masterKey) =>
        (World, _process, _functionKey, _masterKey) = (world, process, functionKey, masterKey);

    public override HostKind Kind => HostKind.DevHost;

    public override Uri Address => _process.Address;

    public override string FunctionKey => _functionKey;

    public override string MasterKey => _masterKey;

    public override Uri Sandbox => World!.Sandbox.FinxAddress;

    public override Transcript Output => _process.Output;

    public static async Task<DevHostUnderTest> StartAsync(World world, Dictionary<string, string?>? settings = null)
    {
        var all = world.Settings(settings);
        all.TryAdd(World.KeySetting, Guid.NewGuid().ToString("N"));
        all.TryAdd("MasterKey", Guid.NewGuid().ToString("N"));
        return new(world, await DevHostProcess.StartAsync(all), all[World.KeySetting], all["MasterKey"]);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _process.DisposeAsync();
    }
}
