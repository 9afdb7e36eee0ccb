namespace FinxFunctions.Simulation.Tests;

public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int Connections = 40;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Over_two_years_no_connection_is_lost_by_us(int seed)
    {
        var report = Simulation.Run(new SimulationOptions(seed, Connections));

        output.WriteLine(report.ToString());
        Assert.True(report.Violations.Count == 0, report.ToString());
    }
}
