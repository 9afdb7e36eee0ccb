namespace FinxFunctions.Worker.Tests.Running;

/// <summary>Waits for what can only be asked for. The limit ends a test that hangs; it says nothing about speed.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        while (!await isSo())
            await Task.Delay(Pause, limit.Token);
    }
}
