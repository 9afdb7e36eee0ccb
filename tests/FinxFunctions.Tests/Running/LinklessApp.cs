namespace FinxFunctions.Tests.Running;

/// <summary>One app for many calls that must all be refused. Its sandbox and its tables stay empty.</summary>
public sealed class LinklessApp : IAsyncLifetime
{
    public App App { get; private set; } = null!;

    public async ValueTask InitializeAsync() => App = await App.StartAsync();

    /// <summary>Asserts that finX and the vault were not called and nothing was written.</summary>
    public async Task AssertUntouchedAsync()
    {
        Assert.Empty(App.Sandbox.Journal.Entries);
        Assert.Empty(await App.RowsAsync("connections"));
        Assert.Empty(await App.RowsAsync("users"));
        Assert.Empty(await App.RowsAsync("agenda"));
    }

    /// <summary>A caller's mistake is logged below Warning.</summary>
    public async ValueTask DisposeAsync()
    {
        App.AssertQuiet();
        await App.DisposeAsync();
    }
}
