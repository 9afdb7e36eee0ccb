namespace FinxFunctions.Benchmarks.Harness;

/// <summary>One line of the results.</summary>
/// <param name="Value">The median, with its unit.</param>
/// <param name="Spread">From the first to the third quartile.</param>
/// <param name="Goal">Null for a figure without a goal.</param>
/// <param name="IsHeadline">Whether docs/figures.md has it as well.</param>
internal sealed record Figure(string What, string Value, string Spread = "", string? Goal = null, bool? IsMet = null, bool IsHeadline = false)
{
    /// <summary>The ratio and its goal, for the chart.</summary>
    public (double Value, double Goal)? Bar { get; private init; }

    /// <summary>Where the measured code ran; null for the subject's host.</summary>
    public Host? Host { get; init; }

    public string Verdict => IsMet switch
    {
        true => "met",
        false => "missed",
        null => "",
    };

    /// <summary>A ratio with a lower bound.</summary>
    public static Figure AtLeast(string what, Samples ratio, double goal, bool isHeadline = false) =>
        new(what, Text.Ratio(ratio.Median), Text.Spread(ratio, Text.Ratio), $"≥ {Text.Ratio(goal)}", Math.Round(ratio.Median, 2) >= goal, isHeadline) { Bar = (ratio.Median, goal) };

    /// <summary>A ratio with an upper bound, or without a goal.</summary>
    public static Figure AtMost(string what, Samples ratio, double? goal, bool isHeadline = false)
    {
        var told = new Figure(what, Text.Ratio(ratio.Median), Text.Spread(ratio, Text.Ratio));
        return goal is { } most
            ? told with { Goal = $"≤ {Text.Ratio(most)}", IsMet = Math.Round(ratio.Median, 2) <= most, IsHeadline = isHeadline, Bar = (ratio.Median, most) }
            : told;
    }

    /// <summary>The median of times, without a goal.</summary>
    public static Figure Time(string what, Samples seconds) => new(what, Text.Time(seconds.Median), Text.Spread(seconds, Text.Time));
}
