using FinxFunctions.Worker.Tests.Hosts;

namespace FinxFunctions.Worker.Tests.Cases;

/// <summary>Cases that hold for every host.</summary>
public abstract class HostCases(SharedHosts hosts)
{
    /// <summary>The id of a connection that does not exist.</summary>
    protected const string Nobody = "00112233445566778899aabbccddeeff";

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected SharedHosts Hosts { get; } = hosts;
}
