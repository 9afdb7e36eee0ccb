using Xunit.Sdk;
using Xunit.v3;

namespace FinxFunctions.Chromium;

/// <summary>Finds no test where there is no Chromium.</summary>
public sealed class ChromiumFactDiscoverer : FactDiscoverer
{
    public override ValueTask<IReadOnlyCollection<IXunitTestCase>> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, IXunitTestMethod testMethod, IFactAttribute factAttribute) =>
        ChromiumBrowser.Path is null ? new([]) : base.Discover(discoveryOptions, testMethod, factAttribute);
}
