using FinxFunctions.Primitives;

namespace FinxFunctions.KeyVault;

/// <summary>Registers the services of this room.</summary>
public static class KeyVaultServices
{
    public static IServiceCollection AddKeyVault(this IServiceCollection services, IConfiguration configuration) => services
        .AddSettings<VaultOptions>(configuration.GetSection(VaultOptions.Section), (section, options) => section.Bind(options))
        .AddSingleton<IValidateOptions<VaultOptions>, VaultOptionsValidator>()
        .AddSingleton<VaultClients>()
        .AddSingleton<SecretReader>()
        .AddSingleton<TokenVault>()
        .AddSingleton<DataKeys>();
}
