namespace FinxSandbox.Finx.Data;

/// <summary>A payment that recurs.</summary>
/// <param name="From">Lowest amount; negative for money that goes out.</param>
/// <param name="To">Highest amount.</param>
internal sealed record RecurringPayment(
    Recurrence Recurrence, string Name, string Purpose, decimal From, decimal To, string Type, Category Category, string? Iban = null, string? CreditorId = null);

/// <summary>The days of a recurring payment.</summary>
internal abstract record Recurrence
{
    public abstract bool Falls(DateOnly day, Random chance);
}

internal sealed record Monthly(int Day) : Recurrence
{
    public override bool Falls(DateOnly day, Random chance) => day.Day == Day;
}

internal sealed record Yearly(int Month, int Day) : Recurrence
{
    public override bool Falls(DateOnly day, Random chance) => day.Month == Month && day.Day == Day;
}

internal sealed record Weekly(DayOfWeek Day) : Recurrence
{
    public override bool Falls(DateOnly day, Random chance) => day.DayOfWeek == Day;
}

/// <param name="Probability">On any day, from 0 to 1.</param>
internal sealed record Occasionally(double Probability) : Recurrence
{
    public override bool Falls(DateOnly day, Random chance) => chance.NextDouble() < Probability;
}
