namespace FinxFunctions.Tokens;

/// <summary>Registers the services of this room.</summary>
public static class TokensServices
{
    public static IServiceCollection AddTokens(this IServiceCollection services) => services
        .AddSingleton<CurrentPairReader>()
        .AddSingleton<PairRenewal>()
        .AddSingleton<TokenAcquisition>()
        .AddSingleton<CallerWait>()
        .AddSingleton<AccessTokenProvider>()
        .AddSingleton<TokenService>();
}
