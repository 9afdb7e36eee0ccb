using System.Runtime.InteropServices;
using FunctionsHost;

try
{
    await using var host = await WorkerHost.StartAsync(ProgramOptions.Read(args, Console.WriteLine));
    Console.WriteLine($"""

          functions   {host.Address}   {string.Join(", ", host.Functions)}
          worker      process {host.WorkerProcessId}

          Ctrl+C stops both.

        """);

    var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    await stop.Task;
    await host.StopAsync();
    return 0;

    void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        stop.TrySetResult();
    }
}
catch (Exception exception) when (exception is WorkerStartException or ProgramOptionsException)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 1;
}
