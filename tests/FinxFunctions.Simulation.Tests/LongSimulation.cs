using System.Diagnostics;
using System.Globalization;

namespace FinxFunctions.Simulation.Tests;

/// <summary>
/// The long form, <c>--explicit only</c>. SIMULATION_CONNECTIONS is the number of connections (10,000), SIMULATION_SEED the first seed (a
/// random one), SIMULATION_RUNS the number of seeds (1).
/// </summary>
public sealed class LongSimulation(ITestOutputHelper output)
{
    [Fact(Explicit = true)]
    public void Over_two_years_no_connection_is_lost_by_us()
    {
        var first = Setting("SIMULATION_SEED", Random.Shared.Next(1_000_000));
        for (var seed = first; seed < first + Setting("SIMULATION_RUNS", 1); seed++)
        {
            var began = Stopwatch.GetTimestamp();
            var report = Simulation.Run(new SimulationOptions(seed, Setting("SIMULATION_CONNECTIONS", 10_000))
            {
                Progress = line => output.WriteLine($"{Stopwatch.GetElapsedTime(began):hh\\:mm\\:ss} seed {seed}, {line}"),
            });

            output.WriteLine($"{report}  took {Stopwatch.GetElapsedTime(began):hh\\:mm\\:ss}");
            Assert.True(report.Violations.Count == 0, report.ToString());
        }
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
