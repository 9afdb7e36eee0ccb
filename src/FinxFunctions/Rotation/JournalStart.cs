namespace FinxFunctions.Rotation;

/// <summary>
/// Replays the journal at the start of a process. The services are made only then: before, the options are not validated yet, and wrong ones
/// are to be reported together.
/// </summary>
public sealed class JournalStart(IServiceProvider services) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (services.GetRequiredService<IOptions<TokenOptions>>().Value.JournalDirectory is { Length: > 0 })
        {
            services.GetRequiredService<JournalReplay>().Start();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
