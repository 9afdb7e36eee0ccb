using FinxFunctions.Http;
using FinxFunctions.Tokens;

namespace FinxFunctions.Hosting;

/// <summary>Creates the services that the first call needs while the host is still starting. Does not use the network.</summary>
public sealed class WarmUp(IServiceProvider services) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Not awaited, and on a thread of its own, because the thread pool has few threads at start. A failure here happens again at the first
        // call, which reports it.
        _ = Task.Factory.StartNew(CreateServices, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void CreateServices()
    {
        _ = (TokensJson.Default.IssuedToken, ProblemJson.Default.ProblemReport);
        services.GetRequiredService<TokenService>();
    }
}
