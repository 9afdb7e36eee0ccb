namespace FinxFunctions.Callback;

/// <summary>The services of this room.</summary>
public static class CallbackServices
{
    public static IServiceCollection AddCallback(this IServiceCollection services) => services
        .AddSingleton<FlowWait>()
        .AddSingleton<CodeRedemption>()
        .AddSingleton<CodeExchange>()
        .AddSingleton<ReturnStep>()
        .AddSingleton<CallbackService>()
        .AddSingleton<ConfirmationService>();
}
