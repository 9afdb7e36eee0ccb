namespace FinxFunctions.Benchmarks.Harness;

/// <summary>What measuring a subject brought: figures, words on how they came about, pictures.</summary>
internal sealed class Finding(Subject subject)
{
    public Subject Subject { get; } = subject;

    public List<Figure> Figures { get; } = [];

    /// <summary>How it was measured and what limits it; a paragraph each.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Pictures by file name.</summary>
    public Dictionary<string, string> Pictures { get; } = [];

    /// <summary>Why it could not be measured; null where it was.</summary>
    public string? Trouble { get; set; }

    /// <summary>Notes a figure and shows it at once.</summary>
    public void Add(Figure figure)
    {
        Figures.Add(figure);
        Console.WriteLine($"    {figure.What,-62} {figure.Value,18}   {figure.Spread,-24} {figure.Goal} {figure.Verdict}");
    }
}
