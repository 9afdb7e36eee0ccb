namespace FinxFunctions.Simulation.Tests;

/// <summary>Random numbers that are the same for the same seed in every run and on every version of .NET (SplitMix64).</summary>
internal sealed class SeededRandom(ulong seed) : Random
{
    private ulong _state = seed;

    /// <summary>Independent random numbers for one of many.</summary>
    public static SeededRandom Of(int seed, int stream) => new(Mix(((ulong)(uint)seed << 32) ^ (uint)stream));

    public bool Chance(double probability) => NextDouble() < probability;

    public TimeSpan Span(TimeSpan from, TimeSpan to) => from + ((to - from) * NextDouble());

    /// <summary>Time until something that happens once in <paramref name="mean"/> on average.</summary>
    public TimeSpan Exponential(TimeSpan mean) => mean * -Math.Log(1 - NextDouble());

    public T Pick<T>(IReadOnlyList<T> items) => items[Next(items.Count)];

    public override double NextDouble() => Sample();

    public override int Next(int maxValue) => (int)(Sample() * maxValue);

    protected override double Sample() => (Mix(_state += 0x9E3779B97F4A7C15) >> 11) * (1.0 / (1UL << 53));

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
