using FinxFunctions.Http;
using FinxFunctions.Tokens;

namespace FinxFunctions.Hosting;

/// <summary>Makes what the first call needs while the host is still starting, and asks nothing of the network.</summary>
public sealed class WarmUp(IServiceProvider services) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Nobody waits for it, and the pool's few threads are needed elsewhere. What fails here, as where the host ends meanwhile, fails again
        // for the call that needs it, and is told there.
        _ = Task.Factory.StartNew(Make, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Make()
    {
        _ = (TokensJson.Default.IssuedToken, ProblemJson.Default.ProblemReport);
        services.GetRequiredService<TokenService>();
    }
}
