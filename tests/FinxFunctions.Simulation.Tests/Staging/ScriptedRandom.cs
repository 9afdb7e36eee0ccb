namespace FinxFunctions.Simulation.Tests.Staging;

/// <summary>Chance, as a test wants it: half of everything, if it does not say otherwise.</summary>
internal sealed class ScriptedRandom : Random
{
    public double Value { get; set; } = 0.5;

    public override double NextDouble() => Value;

    protected override double Sample() => Value;
}
