namespace FinxFunctions.Simulation.Tests.Staging;

/// <summary>Random numbers that a test sets; 0.5 by default.</summary>
internal sealed class ScriptedRandom : Random
{
    public double Value { get; set; } = 0.5;

    public override double NextDouble() => Value;

    protected override double Sample() => Value;
}
