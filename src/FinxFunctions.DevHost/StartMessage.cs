using FinxFunctions.DevHost.Local;
using FinxFunctions.DevHost.Timers;

namespace FinxFunctions.DevHost;

public static class StartMessage
{
    /// <summary>The text before the page's address. Other processes read it, to learn that this one listens, and where.</summary>
    public const string AddressLabel = "Connect a bank at";

    /// <summary>Writes to the console, once the app listens, what runs and at which addresses.</summary>
    public static void WriteStartMessage(this WebApplication app, LocalServices local) => app.Lifetime.ApplicationStarted.Register(() =>
    {
        if (!EntryPoint.IsDevHost)
            return;

        var address = ListenAddress.Reachable(app.Urls.First());
        var needsKey = !string.IsNullOrEmpty(app.Configuration["FunctionKey"]) || !string.IsNullOrEmpty(app.Configuration["MasterKey"]);
        var key = needsKey ? "x-functions-key: the setting FunctionKey or MasterKey" : "no key needed";
        Console.WriteLine($"""

              {AddressLabel}    {address}/

              functions            {address}/api   {key}
              contract             {address}/scalar
              finX                 {app.Configuration["Finx:BaseAddress"]}   {Origin(local.Finx)}
              key vault            {app.Configuration["Vaults:Addresses:0"]}   {Origin(local.Vault)}
              tables               {local.Tables?.TableAddress ?? app.Configuration["Tables:Endpoint"] ?? "as Tables:ConnectionString says"}   {(local.Tables is null ? "as configured" : "Azurite")}
            """);
        foreach (var timer in app.Services.GetRequiredService<TimerService>().Functions)
            Console.WriteLine($"  timer                {timer.Schedule}   {timer.Name}; now: curl -X POST {address}/admin/functions/{timer.Name}");
        Console.WriteLine("""

              Ctrl+C stops everything.

            """);
    });

    private static string Origin(object? own) => own is null ? "as configured" : "sandbox";
}
