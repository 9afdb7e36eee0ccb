namespace FinxFunctions.Primitives;

/// <summary>Registers options that are bound to a section of the settings.</summary>
public static class SettingsServices
{
    /// <summary>Binds options to a section, and validates them when the app starts.</summary>
    /// <param name="bind">Calls <c>Bind</c>. The call must be at the caller's, where the types are known, for the binding to be generated.</param>
    public static IServiceCollection AddSettings<TOptions>(this IServiceCollection services, IConfigurationSection section, Action<IConfiguration, TOptions> bind)
        where TOptions : class
    {
        var binder = new SettingsBinder<TOptions>(section, bind);
        services.AddOptions<TOptions>().ValidateOnStart();
        return services
            .AddSingleton<IConfigureOptions<TOptions>>(binder)
            .AddSingleton<IValidateOptions<TOptions>>(binder);
    }
}
