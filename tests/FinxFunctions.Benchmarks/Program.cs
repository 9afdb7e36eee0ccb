using System.Runtime.InteropServices;
using FinxFunctions.Benchmarks.Harness;
using FinxFunctions.Benchmarks.Subjects;

Subject[] subjects =
[
    new WarmToken(),
    new Operations(),
    new Storm(),
    new TickAmongMany(),
    new TickOfManyDue(),
    new Streaming(),
    new CacheMemory(),
    new Allocations(),
    new StartUp(),
    new Recovery(),
    new Window(),
];

#if DEBUG
Console.WriteLine("This is a Debug build: its figures mean nothing. Use -c Release.");
#endif
var isQuick = args.Contains("--quick");
var names = args.Where(argument => !argument.StartsWith('-')).ToList();
var chosen = names is ["all"] ? subjects : [.. subjects.Where(subject => names.Contains(subject.Name))];
if (chosen.Length == 0)
{
    Console.WriteLine($"""
        dotnet run -c Release --project tests/FinxFunctions.Benchmarks -- NAME|all [--quick]

        {string.Join(Environment.NewLine, subjects.Select(subject => $"  {subject.Name,-12} {subject.Title}"))}

        "all" also writes RESULTS.md, its pictures, and the figures in docs/figures.md.
        """);
    return 2;
}

// Otherwise the services in this process handle these signals.
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Environment.Exit(130));
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Environment.Exit(143));
var run = new Run(isQuick);
var findings = await run.MeasureAsync(chosen, findings => names is ["all"] ? new ResultsPage(run, findings).WriteAsync() : Task.CompletedTask);
return findings.All(finding => finding.Trouble is null) ? 0 : 1;
