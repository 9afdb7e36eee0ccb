namespace FinxFunctions.Browser.Tests;

/// <summary>The tests that share a DevHost.</summary>
[CollectionDefinition(Name)]
public sealed class SharedPage : ICollectionFixture<BrowserFixture>
{
    public const string Name = "Shared page";
}
