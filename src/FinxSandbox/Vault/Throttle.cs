namespace FinxSandbox.Vault;

/// <summary>Key Vault's limits (learn.microsoft.com/azure/key-vault/general/service-limits): per vault and 10 seconds, 300 sets and 4,000 other calls.</summary>
internal sealed class Throttle(SandboxClock clock)
{
    private const int Sets = 300;
    private const int Others = 4_000;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private long _window;
    private int _sets;
    private int _others;

    /// <summary>Counts a call; false when it is over the limit.</summary>
    public bool Admit(bool isSet)
    {
        lock (_gate)
        {
            var window = clock.GetUtcNow().Ticks / Window.Ticks;
            if (window != _window)
                (_window, _sets, _others) = (window, 0, 0);
            return isSet ? ++_sets <= Sets : ++_others <= Others;
        }
    }
}
