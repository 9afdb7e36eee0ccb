namespace FinxFunctions.Benchmarks.Harness;

/// <summary>Measures two things in turn, round by round, so that a disturbance of the machine affects both. The order alternates.</summary>
internal static class PairedRun
{
    public static async Task<IReadOnlyList<(T First, T Second)>> RunAsync<T>(Run run, string what, int rounds, Func<Task<T>> first, Func<Task<T>> second)
    {
        List<(T, T)> results = [];
        for (var round = 0; round < rounds; round++)
        {
            run.Tell($"{what}: round {round + 1} of {rounds}");
            if (round % 2 == 0)
            {
                var one = await first();
                results.Add((one, await second()));
            }
            else
            {
                var two = await second();
                results.Add((await first(), two));
            }
        }

        run.Tell("");
        return results;
    }
}
