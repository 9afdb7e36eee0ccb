using FinxFunctions.Chromium;

namespace FinxFunctions.Tests.Chromium;

/// <summary>Reports once that there is no browser. Without one, the tests that need it are not discovered.</summary>
public sealed class ChromiumTests
{
    [Fact]
    public void There_is_a_Chromium() => Assert.SkipWhen(ChromiumBrowser.Path is null, ChromiumBrowser.HowToGetIt);
}
