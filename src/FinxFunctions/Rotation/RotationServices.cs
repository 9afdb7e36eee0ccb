using System.Globalization;
using FinxFunctions.Primitives;

namespace FinxFunctions.Rotation;

/// <summary>Registers the services of this room.</summary>
public static class RotationServices
{
    public static IServiceCollection AddRotation(this IServiceCollection services, IConfiguration configuration) => services
        .AddSettings<TokenOptions>(configuration.GetSection(TokenOptions.Section), (section, options) => section.Bind(options))
        .AddSingleton<IValidateOptions<TokenOptions>>(new SettingNames<TokenOptions>(TokenOptions.Section, new TokenOptionsValidator()))
        .AddSingleton<IValidateOptions<TokenOptions>, LeaseValidator>()
        .Configure<HostOptions>(host => host.ShutdownTimeout = LeaseOf(configuration))
        .AddSingleton<BackgroundWork>()
        .AddHostedService(provider => provider.GetRequiredService<BackgroundWork>())
        .AddSingleton<RotationPolicy>()
        .AddSingleton<TokenPairReader>()
        .AddSingleton<RotationLog>()
        .AddSingleton<Leases>()
        .AddSingleton<NextGeneration>()
        .AddSingleton<TokenPairCommit>()
        .AddSingleton<UnreadableAnswers>()
        .AddSingleton<PersistedAnswer>()
        .AddSingleton<PairAdoption>()
        .AddSingleton<RedeemablePair>()
        .AddSingleton<RefusalWatch>()
        .AddSingleton<SharedGrants>()
        .AddSingleton<DeclinedAttempt>()
        .AddSingleton<AnswerRetry>()
        .AddSingleton<AnswerWriter>()
        .AddSingleton<AnswerJournal>()
        .AddSingleton<AnswerPersistence>()
        .AddSingleton<JournalReplay>()
        .AddHostedService<JournalStart>()
        .AddSingleton<Redemption>()
        .AddSingleton<GrantReader>()
        .AddSingleton<RotationEnding>()
        .AddSingleton<Replay>()
        .AddSingleton<RotationSteps>()
        .AddSingleton<RotationProtocol>()
        .AddSingleton<GrantRevocation>()
        .AddSingleton<TokenCache>();

    /// <summary>
    /// A shutdown waits for tokens that are being redeemed, as long as a lease lasts. The setting is read unvalidated, because the host needs it
    /// before the options are validated.
    /// </summary>
    private static TimeSpan LeaseOf(IConfiguration configuration) =>
        TimeSpan.TryParse(configuration[$"{TokenOptions.Section}:{nameof(TokenOptions.Lease)}"], CultureInfo.InvariantCulture, out var lease) ? lease : new TokenOptions().Lease;
}
