using System.Globalization;
using System.Text;

namespace FinxFunctions.Benchmarks.Harness;

/// <summary>Draws figures as SVG that is readable on light and dark pages.</summary>
internal static class Chart
{
    private const int Width = 720;
    private const int PanelHeight = 170;
    private const int Left = 70;
    private const int Right = 20;
    private const int Top = 40;
    private const int Gap = 34;

    private static readonly string[] Colours = ["#2f6fde", "#c2541b", "#2c8a4b"];

    /// <summary>Draws curves over one axis, each in a panel with its own scale.</summary>
    public static string Lines(string title, string axis, params (string Name, IEnumerable<(double X, double Y)> Points)[] curves)
    {
        var panels = curves.Select(curve => (curve.Name, Points: curve.Points.ToList())).ToList();
        var end = panels.Max(panel => panel.Points.Max(point => point.X));
        var height = Top + (panels.Count * (PanelHeight + Gap)) + 20;
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" font-family="system-ui, sans-serif" font-size="12">""");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<title>{title}</title><rect width="{Width}" height="{height}" fill="#ffffff"/>""");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{Left}" y="22" font-size="15" fill="#222222">{title}</text>""");
        foreach (var (index, (name, points)) in panels.Index())
            Panel(svg, Top + (index * (PanelHeight + Gap)), name, points, end, Colours[index % Colours.Length]);
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{Width - Right}" y="{height - 8}" text-anchor="end" fill="#555555">{axis}</text>""");
        return svg.AppendLine("</svg>").ToString();
    }

    /// <summary>Draws bars with a mark at the goal of each. A bar that misses its goal has another colour.</summary>
    public static string Bars(string title, IReadOnlyList<(string Name, double Value, double Goal, bool IsMet)> bars)
    {
        const int Row = 26;
        const int Names = 380;
        var height = Top + (bars.Count * Row) + 10;
        var most = bars.Select(bar => Math.Max(bar.Value, bar.Goal)).DefaultIfEmpty(1).Max() * 1.15;
        double Across(double value) => Names + (value / most * (Width - Names - Right - 40));
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" font-family="system-ui, sans-serif" font-size="12">""");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<title>{title}</title><rect width="{Width}" height="{height}" fill="#ffffff"/>""");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="10" y="22" font-size="15" fill="#222222">{title}</text>""");
        foreach (var (index, (name, value, goal, isMet)) in bars.Index())
        {
            var y = Top + (index * Row);
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{Names - 8}" y="{y + 14}" text-anchor="end" fill="#222222">{name}</text>""");
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<rect x="{Names}" y="{y + 2}" width="{Across(value) - Names:0.0}" height="16" fill="{(isMet ? Colours[2] : Colours[1])}"/>""");
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<line x1="{Across(goal):0.0}" x2="{Across(goal):0.0}" y1="{y}" y2="{y + 20}" stroke="#222222" stroke-width="2"/>""");
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{Math.Max(Across(value), Across(goal)) + 6:0.0}" y="{y + 14}" fill="#222222">{Text.Ratio(value)}</text>""");
        }

        return svg.AppendLine("</svg>").ToString();
    }

    private static void Panel(StringBuilder svg, int top, string name, List<(double X, double Y)> points, double end, string colour)
    {
        var most = Math.Max(points.Max(point => point.Y), 1e-9);
        double Across(double x) => Left + (x / end * (Width - Left - Right));
        double Up(double y) => top + PanelHeight - (y / most * (PanelHeight - 16));
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<line x1="{Left}" x2="{Width - Right}" y1="{top + PanelHeight}" y2="{top + PanelHeight}" stroke="#999999"/>""");
        foreach (var share in new[] { 0.0, 0.5, 1.0 })
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{Left - 8}" y="{Up(most * share) + 4:0.0}" text-anchor="end" fill="#555555">{(most < 10 ? Text.Ratio(most * share) : Text.Count(most * share))}</text>""");
        for (var mark = 0; mark <= end; mark++)
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{Across(mark):0.0}" y="{top + PanelHeight + 15}" text-anchor="middle" fill="#555555">{mark}</text>""");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{Left + 6}" y="{top + 8}" fill="{colour}">{name}</text>""");
        var path = string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{Across(point.X):0.0},{Up(point.Y):0.0}")));
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<polyline fill="none" stroke="{colour}" stroke-width="1.6" points="{path}"/>""");
    }
}
