using System.Net.Http.Headers;
using System.Text;
using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using FinxFunctions.Accounts;
using FinxFunctions.Auditing;
using FinxFunctions.Authorization;
using FinxFunctions.Callback;
using FinxFunctions.Connections;
using FinxFunctions.Diagnostics;
using FinxFunctions.Finx;
using FinxFunctions.KeyVault;
using FinxFunctions.Links;
using FinxFunctions.Maintenance;
using FinxFunctions.Rotation;
using FinxFunctions.State;
using FinxFunctions.Tokens;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace FinxFunctions.Hosting;

/// <summary>Wires everything but the triggers.</summary>
public static class FinxServiceCollectionExtensions
{
    /// <summary>Adds what the trigger classes call. Nothing here touches the network: that waits for the first call.</summary>
    public static IServiceCollection AddFinx(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddSingleton<FinxMetrics>();
        services.TryAddSingleton(Random.Shared);
        services.TryAddSingleton(_ => CredentialOf(configuration));
        services.AddHostedService<WarmUp>();
        return services
            .AddFinxOptions(configuration)
            .AddFinxClients()
            .AddStores()
            .AddProtocol()
            .AddFeatures();
    }

    private static IServiceCollection AddFinxOptions(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<FinxOptions>().Bind(configuration.GetSection(FinxOptions.Section)).ValidateOnStart();
        services.AddOptions<RedirectOptions>().Bind(configuration.GetSection(LinkOptions.Section));
        services.AddOptions<LinkOptions>().Bind(configuration.GetSection(LinkOptions.Section)).ValidateOnStart();
        services.AddOptions<TableOptions>().Bind(configuration.GetSection(TableOptions.Section)).ValidateOnStart();
        services.AddOptions<VaultOptions>().Bind(configuration.GetSection(VaultOptions.Section)).ValidateOnStart();
        services.AddOptions<CallerOptions>().Bind(configuration.GetSection(CallerOptions.Section)).ValidateOnStart();
        services.AddOptions<TokenOptions>().Bind(configuration.GetSection(TokenOptions.Section)).ValidateOnStart();
        services.AddOptions<AuditOptions>().Bind(configuration.GetSection(AuditOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<FinxOptions>>(new SettingNames<FinxOptions>(FinxOptions.Section, new FinxOptionsValidator()));
        services.AddSingleton<IValidateOptions<FinxOptions>, AddressValidator>();
        services.AddSingleton<IValidateOptions<LinkOptions>>(new SettingNames<LinkOptions>(LinkOptions.Section, new LinkOptionsValidator()));
        services.AddSingleton<IValidateOptions<LinkOptions>, AddressValidator>();
        services.AddSingleton<IValidateOptions<TableOptions>, TableOptionsValidator>();
        services.AddSingleton<IValidateOptions<VaultOptions>, VaultOptionsValidator>();
        services.AddSingleton<IValidateOptions<TokenOptions>>(new SettingNames<TokenOptions>(TokenOptions.Section, new TokenOptionsValidator()));
        services.AddSingleton<IValidateOptions<TokenOptions>, LeaseValidator>();
        services.AddSingleton<IValidateOptions<AuditOptions>, AuditOptionsValidator>();

        // A shutdown waits for tokens that are being spent. Read as it stands: it is validated with all other settings, and told with them.
        services.Configure<HostOptions>(host => host.ShutdownTimeout = configuration.GetValue($"{TokenOptions.Section}:{nameof(TokenOptions.Lease)}", new TokenOptions().Lease));
        return services;
    }

    private static IServiceCollection AddFinxClients(this IServiceCollection services)
    {
        services.AddSingleton<FinxCircuit>();
        services.AddSingleton<FinxTokenClient>();
        services.AddSingleton<FinxClient>();

        services.AddTransient<CallCounter>();

        var token = services.AddHttpClient(FinxTokenClient.ClientName, UseBasicAuthentication)
            .ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(NewHandler);
        token.AddResilienceHandler("circuit", (pipeline, context) =>
        {
            var services = context.ServiceProvider;
            pipeline.TimeProvider = services.GetRequiredService<TimeProvider>();
            pipeline
                .AddCircuitBreaker(new HttpCircuitBreakerStrategyOptions
                {
                    SamplingDuration = TimeSpan.FromSeconds(30),
                    MinimumThroughput = 20,
                    FailureRatio = 0.8,
                    BreakDurationGenerator = _ => ValueTask.FromResult(services.GetRequiredService<FinxCircuit>().Open()),
                })
                .AddTimeout(services.GetRequiredService<IOptions<FinxOptions>>().Value.TokenTimeout);
        });
        token.AddHttpMessageHandler<CallCounter>();

        services.AddHttpClient(FinxClient.ClientName, UseBasicAuthentication)
            .ConfigurePrimaryHttpMessageHandler(NewHandler)
            .AddHttpMessageHandler<CallCounter>();

        var data = services.AddHttpClient(FinxClient.DataClientName, UseBaseAddress)
            .ConfigurePrimaryHttpMessageHandler(NewHandler);
        data.AddResilienceHandler("reads", pipeline => pipeline.AddRetry(new HttpRetryStrategyOptions
        {
            MaxRetryAttempts = 2,
            Delay = TimeSpan.FromMilliseconds(300),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
        }));
        data.AddHttpMessageHandler<CallCounter>();
        return services;
    }

    private static IServiceCollection AddStores(this IServiceCollection services) => services
        .AddSingleton(TablesOf)
        .AddSingleton<StateTables>()
        .AddSingleton<ConnectionStore>()
        .AddSingleton<RotationSchedule>()
        .AddSingleton<VaultClients>()
        .AddSingleton<TokenVault>()
        .AddSingleton<DataKeys>()
        .AddSingleton<LookupKey>()
        .AddSingleton<UserIds>()
        .AddSingleton(AuditOf)
        .AddSingleton<AuditTrail>();

    private static IServiceCollection AddProtocol(this IServiceCollection services) => services
        .AddSingleton<BackgroundWork>()
        .AddHostedService(provider => provider.GetRequiredService<BackgroundWork>())
        .AddSingleton<RotationPolicy>()
        .AddSingleton<TokenPairReader>()
        .AddSingleton<RotationLog>()
        .AddSingleton<Leases>()
        .AddSingleton<NextGeneration>()
        .AddSingleton<TokenPairCommit>()
        .AddSingleton<AnswerRetry>()
        .AddSingleton<AnswerPersistence>()
        .AddSingleton<Redemption>()
        .AddSingleton<GrantReader>()
        .AddSingleton<RotationEnding>()
        .AddSingleton<Replay>()
        .AddSingleton<RotationSteps>()
        .AddSingleton<RotationProtocol>()
        .AddSingleton<TokenCache>()
        .AddSingleton<AccessTokenProvider>()
        .AddSingleton<ConnectionDeletion>()
        .AddSingleton<ConnectionReconciler>()
        .AddSingleton<ScheduleResync>()
        .AddSingleton<ReturnUris>();

    private static IServiceCollection AddFeatures(this IServiceCollection services) => services
        .AddSingleton<CallerReader>()
        .AddSingleton<LinkRequestReader>()
        .AddSingleton<LinkService>()
        .AddSingleton<CallbackService>()
        .AddSingleton<ConnectionService>()
        .AddSingleton<TokenService>()
        .AddSingleton<AccountData>()
        .AddSingleton<RotationTimer>()
        .AddSingleton<HealthService>();

    private static TokenCredential CredentialOf(IConfiguration configuration) => configuration["AZURE_CLIENT_ID"] is { Length: > 0 } clientId
        ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId))
        : new DefaultAzureCredential();

    private static TableServiceClient TablesOf(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<TableOptions>>().Value;
        return TablesOf(provider, options.Endpoint, options.ConnectionString, "table_storage");
    }

    private static IAuditDestination AuditOf(IServiceProvider provider) => provider.GetRequiredService<IOptions<AuditOptions>>().Value is { HasTables: true } options
        ? new AuditTables(TablesOf(provider, options.Endpoint, options.ConnectionString, "audit"))
        : new AuditLog(provider.GetRequiredService<ILoggerFactory>());

    private static TableServiceClient TablesOf(IServiceProvider provider, Uri? endpoint, string? connectionString, string dependency)
    {
        var clientOptions = new TableClientOptions
        {
            Retry = { Mode = RetryMode.Exponential, MaxRetries = 3, Delay = TimeSpan.FromMilliseconds(400), MaxDelay = TimeSpan.FromSeconds(5), NetworkTimeout = TimeSpan.FromSeconds(10) },
        };
        clientOptions.AddPolicy(new ThrottlingCounter(provider.GetRequiredService<FinxMetrics>(), dependency), HttpPipelinePosition.PerRetry);
        return connectionString is { Length: > 0 }
            ? new TableServiceClient(connectionString, clientOptions)
            : new TableServiceClient(endpoint!, provider.GetRequiredService<TokenCredential>(), clientOptions);
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

    /// <summary>No redirect is followed, for it would carry a token elsewhere; connections are renewed, for finX's address may change.</summary>
    private static SocketsHttpHandler NewHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectTimeout = TimeSpan.FromSeconds(10),
        AutomaticDecompression = System.Net.DecompressionMethods.All,
    };
}
