using FinxFunctions.DevHost.Triggers;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.DevHost.Timers;

public static class TimerFunctions
{
    public static void AddHostedTimers(this IServiceCollection services)
    {
        services.AddSingleton<TimerService>();
        services.AddHostedService(provider => provider.GetRequiredService<TimerService>());
    }

    /// <summary>The Functions host's own call to run a function that is not an HTTP one: answered at once, run in the background.</summary>
    public static void MapTimerFunctions(this WebApplication app)
    {
        var timers = app.Services.GetRequiredService<TimerService>();
        var key = new FunctionKey(app.Configuration);
        app.MapPost("/admin/functions/{name}", key.Guard(AuthorizationLevel.Admin, context =>
        {
            var name = (string?)context.GetRouteValue("name");
            var function = timers.Functions.FirstOrDefault(function => function.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            function?.Fire();
            context.Response.StatusCode = function is null ? StatusCodes.Status404NotFound : StatusCodes.Status202Accepted;
            return Task.CompletedTask;
        }));
    }
}
