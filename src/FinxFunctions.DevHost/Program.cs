using FinxFunctions.DevHost;
using FinxFunctions.DevHost.Surroundings;
using FinxFunctions.DevHost.Timers;
using FinxFunctions.DevHost.Triggers;
using FinxFunctions.DevHost.Workbench;
using FinxFunctions.Hosting;

try
{
    if (args.Contains("--services-only"))
        return await ServicesOnly.RunAsync(args);

    var builder = WebApplication.CreateBuilder(args);
    builder.UseDevHostDefaults();
    builder.ListenOnKnownAddress();
    builder.AddTelemetry();
    Parent.Watch(builder.Configuration);

    await using var surroundings = await LocalSurroundings.StartAsync(builder.Configuration);
    builder.Services.AddSurroundings(surroundings, builder.Configuration);
    builder.Services.AddFinx(builder.Configuration);
    builder.Services.AddHostedTimers();
    builder.Services.AddWorkbench(surroundings);

    var app = builder.Build();
    app.UsePage();
    app.MapContractPage();
    app.MapHttpFunctions();
    app.MapTimerFunctions();
    app.MapWorkbench();
    app.SayWhatRunsWhere(surroundings);

    await app.RunAsync();
    return 0;
}
catch (Exception exception) when (Launch.IsByHand && Refusal.Explain(exception) is { } reason)
{
    await Console.Error.WriteLineAsync(reason);
    return 1;
}

public partial class Program;
