using FinxFunctions.Client;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Timeout;

namespace Microsoft.Extensions.DependencyInjection;

public static class FinxFunctionsServiceCollectionExtensions
{
    /// <summary>Adds <see cref="FinxFunctionsClient"/>.</summary>
    /// <returns>The HTTP client's builder, to add to it.</returns>
    public static IHttpClientBuilder AddFinxFunctionsClient(this IServiceCollection services, Action<FinxFunctionsOptions> configure)
    {
        services.AddOptions<FinxFunctionsOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<FinxFunctionsOptions>, FinxFunctionsOptionsValidator>());
        services.TryAddTransient<CallerHandler>();

        // A redirect would carry the key elsewhere. The tries have time limits of their own.
        var client = services
            .AddHttpClient<FinxFunctionsClient>((provider, http) =>
            {
                http.BaseAddress = provider.GetRequiredService<IOptions<FinxFunctionsOptions>>().Value.BaseAddress;
                http.Timeout = Timeout.InfiniteTimeSpan;
            })
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) });
        client.AddResilienceHandler("finx-functions", (tries, context) =>
        {
            var options = context.ServiceProvider.GetRequiredService<IOptions<FinxFunctionsOptions>>().Value;
            if (options.ReadRetries > 0)
            {
                tries.AddRetry(ReadsOnly(options));
            }

            tries.AddTimeout(new TimeoutStrategyOptions { Timeout = options.TryTimeout });
        });
        return client.AddHttpMessageHandler<CallerHandler>();
    }

    /// <summary>Waits for as long as Retry-After says; without it, longer each time.</summary>
    private static HttpRetryStrategyOptions ReadsOnly(FinxFunctionsOptions options)
    {
        var reads = new HttpRetryStrategyOptions { MaxRetryAttempts = options.ReadRetries, BackoffType = DelayBackoffType.Exponential, UseJitter = true, Delay = TimeSpan.FromMilliseconds(500) };
        var isPassing = reads.ShouldHandle;
        reads.ShouldHandle = async arguments => arguments.Context.GetRequestMessage()?.Method == HttpMethod.Get && await isPassing(arguments);
        return reads;
    }
}
