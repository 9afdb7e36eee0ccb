using System.Net;
using System.Net.Http.Headers;
using System.Text;
using FinxFunctions.Primitives;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace FinxFunctions.Finx;

/// <summary>Registers the services of this room: finX's clients, and how each of them retries.</summary>
public static class FinxServices
{
    private const string RedirectSection = "Links";

    /// <summary>A caller waits no longer for a retry. A longer Retry-After is passed to the caller.</summary>
    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromSeconds(2);

    public static IServiceCollection AddFinxClients(this IServiceCollection services, IConfiguration configuration)
    {
        services
            .AddSettings<FinxOptions>(configuration.GetSection(FinxOptions.Section), (section, options) => section.Bind(options))
            .AddSettings<RedirectOptions>(configuration.GetSection(RedirectSection), (section, options) => section.Bind(options))
            .AddSingleton<IValidateOptions<FinxOptions>>(new SettingNames<FinxOptions>(FinxOptions.Section, new FinxOptionsValidator()))
            .AddSingleton<IValidateOptions<FinxOptions>, FinxAddressValidator>()
            .AddSingleton<FinxCircuit>()
            .AddSingleton<FinxTokenClient>()
            .AddSingleton<FinxClient>()
            .AddSingleton<TokenRevoker>()
            .AddTransient<CallCounter>();
        // Compressed data that is cut off is an error. The default takes it for whole.
        AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);
        services.AddTokenClient();
        services.AddHttpClient(FinxClient.ClientName, UseBasicAuthentication)
            .ConfigurePrimaryHttpMessageHandler(NewHandler)
            .AddHttpMessageHandler<CallCounter>();
        services.AddDataClient();
        return services;
    }

    /// <summary>
    /// For <c>POST /auth/token</c>: never a retry, and a new connection for each call. finX may close a kept one at the moment in which a
    /// token is sent on it, and nobody would know whether it acted. A handshake is the price. <see cref="FinxTokenClient"/> sets the time-outs.
    /// </summary>
    private static void AddTokenClient(this IServiceCollection services) =>
        services.AddHttpClient(FinxTokenClient.ClientName, UseBasicAuthentication)
            .ConfigureHttpClient(http => http.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() => NewHandler(TimeSpan.Zero, DecompressionMethods.None))
            .AddHttpMessageHandler<CallCounter>();

    /// <summary>For account data: reads, which may be retried.</summary>
    private static void AddDataClient(this IServiceCollection services)
    {
        var client = services.AddHttpClient(FinxClient.DataClientName, UseBaseAddress)
            .ConfigurePrimaryHttpMessageHandler(NewHandler);
        client.AddResilienceHandler("reads", (pipeline, context) => pipeline.AddRetry(new HttpRetryStrategyOptions
        {
            MaxRetryAttempts = 2,
            Delay = TimeSpan.FromMilliseconds(300),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldRetryAfterHeader = false,
            ShouldHandle = attempt => ValueTask.FromResult(
                HttpClientResiliencePredicates.IsTransient(attempt.Outcome) && WishOf(attempt.Outcome, context.ServiceProvider).GetValueOrDefault() <= LongestRetryDelay),
            DelayGenerator = attempt => ValueTask.FromResult(WishOf(attempt.Outcome, context.ServiceProvider)),
        }));
        client.AddHttpMessageHandler<CallCounter>();
    }

    private static void UseBasicAuthentication(IServiceProvider provider, HttpClient client)
    {
        UseBaseAddress(provider, client);
        var options = provider.GetRequiredService<IOptions<FinxOptions>>().Value;
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.ClientId}:{options.ClientSecret}"));
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", credentials);
    }

    private static void UseBaseAddress(IServiceProvider provider, HttpClient client)
    {
        var options = provider.GetRequiredService<IOptions<FinxOptions>>().Value;
        client.BaseAddress = options.BaseAddress!.AbsoluteUri.EndsWith('/') ? options.BaseAddress : new Uri(options.BaseAddress.AbsoluteUri + "/");
        client.Timeout = options.DataTimeout;
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }

    private static TimeSpan? WishOf(Outcome<HttpResponseMessage> outcome, IServiceProvider provider) =>
        outcome.Result is { } response ? RetryAfterHeader.Of(response.Headers, provider.GetRequiredService<TimeProvider>().GetUtcNow()) : null;

    private static SocketsHttpHandler NewHandler() => NewHandler(TimeSpan.FromMinutes(5), DecompressionMethods.All);

    /// <summary>Follows no redirect, because that would send a token to another host. Renews connections, because finX's IP address may change.</summary>
    private static SocketsHttpHandler NewHandler(TimeSpan connectionLife, DecompressionMethods decompression) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = connectionLife,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        AutomaticDecompression = decompression,
    };
}
