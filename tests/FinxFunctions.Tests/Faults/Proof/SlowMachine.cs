namespace FinxFunctions.Tests.Faults.Proof;

/// <summary>What tests in real time do where the machine is slower than their times allow.</summary>
internal static class SlowMachine
{
    /// <summary>Ends a test that hangs. No test waits for as long as this where all is well.</summary>
    public static readonly TimeSpan HangLimit = TimeSpan.FromMinutes(5);

    private const double LongestFactor = 16;

    /// <summary>Runs a test. Where it fails, it is repeated with all its times doubled, up to 16-fold. The last failure counts.</summary>
    /// <remarks>For expectations that hold on every machine if only the times are long enough. A fault of the app fails with all of them.</remarks>
    /// <param name="run">The test, with the factor of its times.</param>
    public static async Task RepeatAsync(Func<double, Task> run)
    {
        for (var factor = 1.0; ; factor *= 2)
        {
            try
            {
                await run(factor);
                return;
            }
            catch (Exception exception) when (factor < LongestFactor && !TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"With times multiplied by {factor}: {exception.Message}");
            }
        }
    }
}
