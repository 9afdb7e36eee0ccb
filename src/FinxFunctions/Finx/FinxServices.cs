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

    /// <summary>
    /// The circuit of a request. Codes have one of their own: a user is waiting, and failed refreshes of many connections say little about
    /// one code.
    /// </summary>
    public static HttpRequestOptionsKey<string> Circuit { get; } = new("finx.circuit");

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
        services.AddTokenClient();
        services.AddHttpClient(FinxClient.ClientName, UseBasicAuthentication)
            .ConfigurePrimaryHttpMessageHandler(NewHandler)
            .AddHttpMessageHandler<CallCounter>();
        services.AddDataClient();
        return services;
    }

    /// <summary>For <c>POST /auth/token</c>: never a retry, one timeout, and a circuit that opens after many failures.</summary>
    private static void AddTokenClient(this IServiceCollection services)
    {
        var client = services.AddHttpClient(FinxTokenClient.ClientName, UseBasicAuthentication)
            .ConfigureHttpClient(http => http.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(NewHandler);
        client.AddResilienceHandler("circuit", (pipeline, context) =>
        {
            var provider = context.ServiceProvider;
            pipeline.TimeProvider = provider.GetRequiredService<TimeProvider>();
            pipeline
                .AddCircuitBreaker(new HttpCircuitBreakerStrategyOptions
                {
                    SamplingDuration = TimeSpan.FromSeconds(30),
                    MinimumThroughput = 20,
                    FailureRatio = 0.8,
                    BreakDurationGenerator = _ => ValueTask.FromResult(provider.GetRequiredService<FinxCircuit>().Open()),
                })
                .AddTimeout(provider.GetRequiredService<IOptions<FinxOptions>>().Value.TokenTimeout);
        }).SelectPipelineBy(_ => request => request.Options.TryGetValue(Circuit, out var name) ? name : "refresh");
        client.AddHttpMessageHandler<CallCounter>();
    }

    /// <summary>For account data: reads, which may be retried.</summary>
    private static void AddDataClient(this IServiceCollection services)
    {
        var client = services.AddHttpClient(FinxClient.DataClientName, UseBaseAddress)
            .ConfigurePrimaryHttpMessageHandler(NewHandler);
        client.AddResilienceHandler("reads", pipeline => pipeline.AddRetry(new HttpRetryStrategyOptions
        {
            MaxRetryAttempts = 2,
            Delay = TimeSpan.FromMilliseconds(300),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
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

    /// <summary>Follows no redirect, because that would send a token to another host. Renews connections, because finX's IP address may change.</summary>
    private static SocketsHttpHandler NewHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectTimeout = TimeSpan.FromSeconds(10),
        AutomaticDecompression = DecompressionMethods.All,
    };
}
