using FinxFunctions.DevHost.Surroundings;
using FinxFunctions.DevHost.Timers;

namespace FinxFunctions.DevHost;

public static class Welcome
{
    /// <summary>What stands before the page's address: by it another process learns that this one listens, and where.</summary>
    public const string Greeting = "Connect a bank at";

    /// <summary>Once the app listens, says on the console what runs where and where to click.</summary>
    public static void SayWhatRunsWhere(this WebApplication app, LocalSurroundings surroundings) => app.Lifetime.ApplicationStarted.Register(() =>
    {
        if (!Launch.IsByHand)
            return;

        var address = Listening.Reachable(app.Urls.First());
        var key = string.IsNullOrEmpty(app.Configuration["FunctionKey"]) ? "no key needed" : "x-functions-key: the setting FunctionKey";
        Console.WriteLine($"""

              {Greeting}    {address}/

              functions            {address}/api   {key}
              contract             {address}/scalar   asks nothing of other hosts
              finX                 {app.Configuration["Finx:BaseAddress"]}   {Origin(surroundings.Finx)}
              key vault            {app.Configuration["Vaults:Addresses:0"]}   {Origin(surroundings.Vault)}
              tables               {surroundings.Tables?.TableAddress ?? app.Configuration["Tables:Endpoint"] ?? "as Tables:ConnectionString says"}   {(surroundings.Tables is null ? "as configured" : "Azurite")}
            """);
        foreach (var timer in app.Services.GetRequiredService<TimerService>().Functions)
            Console.WriteLine($"  timer                {timer.Schedule}   {timer.Name}; now: curl -X POST {address}/admin/functions/{timer.Name}");
        Console.WriteLine("""

              Ctrl+C stops all of it.

            """);
    });

    private static string Origin(object? own) => own is null ? "as configured" : "sandbox";
}
