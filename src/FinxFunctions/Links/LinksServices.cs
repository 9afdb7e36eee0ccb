using FinxFunctions.Primitives;

namespace FinxFunctions.Links;

/// <summary>The services of this room.</summary>
public static class LinksServices
{
    public static IServiceCollection AddLinks(this IServiceCollection services, IConfiguration configuration) => services
        .AddSettings<LinkOptions>(configuration.GetSection(LinkOptions.Section), (section, options) => section.Bind(options))
        .AddSingleton<IValidateOptions<LinkOptions>>(new SettingNames<LinkOptions>(LinkOptions.Section, new LinkOptionsValidator()))
        .AddSingleton<IValidateOptions<LinkOptions>, LinkAddressValidator>()
        .AddSingleton<ReturnUris>()
        .AddSingleton<LinkRequestFactory>()
        .AddSingleton<WidgetLinks>()
        .AddSingleton<LinkIdempotency>()
        .AddSingleton<NewConnections>()
        .AddSingleton<NewConnectionLinks>()
        .AddSingleton<RenewalLinks>()
        .AddSingleton<LinkService>();
}
