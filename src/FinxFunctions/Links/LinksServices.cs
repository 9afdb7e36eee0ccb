namespace FinxFunctions.Links;

/// <summary>The services of this room.</summary>
public static class LinksServices
{
    public static IServiceCollection AddLinks(this IServiceCollection services) => services
        .AddSingleton<ReturnUris>()
        .AddSingleton<LinkRequestFactory>()
        .AddSingleton<WidgetLinks>()
        .AddSingleton<LinkIdempotency>()
        .AddSingleton<NewConnections>()
        .AddSingleton<NewConnectionLinks>()
        .AddSingleton<RenewalLinks>()
        .AddSingleton<LinkService>();
}
