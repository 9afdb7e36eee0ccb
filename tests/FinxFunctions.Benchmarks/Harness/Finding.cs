namespace FinxFunctions.Benchmarks.Harness;

/// <summary>The results of a subject: figures, notes on how they were measured, pictures.</summary>
internal sealed class Finding(Subject subject)
{
    public Subject Subject { get; } = subject;

    public List<Figure> Figures { get; } = [];

    /// <summary>Paragraphs on how it was measured and what limits it.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Pictures by file name.</summary>
    public Dictionary<string, string> Pictures { get; } = [];

    /// <summary>Why it could not be measured; null if it was.</summary>
    public string? Trouble { get; set; }

    /// <summary>Adds a figure and prints it.</summary>
    public void Add(Figure figure)
    {
        Figures.Add(figure with { Host = figure.Host ?? Subject.Host });
        Console.WriteLine($"    {figure.What,-62} {figure.Value,18}   {figure.Spread,-24} {figure.Goal} {figure.Verdict}");
    }
}
