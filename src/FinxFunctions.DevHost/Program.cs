using FinxFunctions.DevHost;
using FinxFunctions.DevHost.Admin;
using FinxFunctions.DevHost.Local;
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
    builder.UseKnownListenAddress();
    builder.UseBodyLimit();
    builder.AddTelemetry();
    ParentProcess.Watch(builder.Configuration);

    await using var local = await LocalServices.StartAsync(builder.Configuration);
    builder.Services.AddLocalServices(local, builder.Configuration);
    builder.Services.AddFinxFunctions(builder.Configuration);
    builder.Services.AddHostedTimers();
    builder.Services.AddWorkbench(local);

    var app = builder.Build();
    app.UsePage();
    app.MapContractPage();
    app.MapHttpFunctions();
    app.MapAdminApi();
    app.MapWorkbench();
    app.WriteStartMessage(local);

    await app.RunAsync();
    return 0;
}
catch (Exception exception) when (EntryPoint.IsDevHost && StartFailure.Explain(exception) is { } reason)
{
    await Console.Error.WriteLineAsync(reason);
    return StartFailure.ExitCode;
}

public partial class Program;
