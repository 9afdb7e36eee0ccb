using System.Globalization;
using System.Text;

namespace FinxFunctions.Benchmarks.Harness;

/// <summary>Writes the results of a run of all subjects: RESULTS.md, its pictures, and the headline figures in docs/figures.md.</summary>
internal sealed class ResultsPage(Run run, IReadOnlyList<Finding> findings)
{
    private const string Pictures = "pictures";
    private const string Overview = "overview.svg";
    private const string FiguresBegin = "<!-- figures: written by tests/FinxFunctions.Benchmarks -->";
    private const string FiguresEnd = "<!-- end of figures -->";

    private static readonly string Folder = Repository.PathOf("tests", "FinxFunctions.Benchmarks");

    public async Task WriteAsync()
    {
        Directory.CreateDirectory(Path.Combine(Folder, Pictures));
        foreach (var (name, svg) in findings.SelectMany(finding => finding.Pictures))
            await File.WriteAllTextAsync(Path.Combine(Folder, Pictures, name), svg);
        await File.WriteAllTextAsync(Path.Combine(Folder, Pictures, Overview), Chart.Bars(
            "Ratios, and their goals (the black marks)",
            [.. findings.SelectMany(finding => finding.Figures).Where(figure => figure is { IsHeadline: true, Bar: not null }).Select(figure => (figure.What, figure.Bar!.Value.Value, figure.Bar.Value.Goal, figure.IsMet is true))]));
        await File.WriteAllTextAsync(Path.Combine(Folder, "RESULTS.md"), Page());
        await WriteFiguresAsync();
    }

    private string Page()
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            # Results

            Written by `dotnet run -c Release --project tests/FinxFunctions.Benchmarks -- all{(run.IsQuick ? " --quick" : "")}` on {DateTime.UtcNow:yyyy-MM-dd}, in {run.Elapsed.TotalMinutes:0} minutes. Both sides of each ratio were measured in turn in this run; no figure compares two runs. A value is the median of its rounds, followed by the first and the third quartile.

            The column "host" says where the measured code ran. *worker*: the published worker app (`dotnet publish -c Release`, ReadyToRun), a process of its own, started and called by tests/FunctionsHost as the Functions host does. *empty worker*: tests/EmptyWorker in the same way. *in process*: the benchmark's own process, without a server.

            | | |
            |---|---|

            """);
        foreach (var (name, value) in Machine.Describe())
            page.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {value} |");
        page.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"![The ratios and their goals]({Pictures}/{Overview})");
        foreach (var finding in findings)
            Append(page, finding);
        return page.ToString().ReplaceLineEndings("\n");
    }

    private static void Append(StringBuilder page, Finding finding)
    {
        page.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"## {finding.Subject.Name}: {finding.Subject.Title}").AppendLine();
        if (finding.Trouble is { } trouble)
            page.AppendLine(CultureInfo.InvariantCulture, $"Could not be measured: {trouble}").AppendLine();
        if (finding.Figures.Count > 0)
        {
            page.AppendLine("| | host | | quartiles | goal | |").AppendLine("|---|---|---:|---|---|---|");
            foreach (var figure in finding.Figures)
                page.AppendLine(CultureInfo.InvariantCulture, $"| {figure.What} | {NameOf(figure.Host)} | {figure.Value} | {figure.Spread} | {figure.Goal} | {figure.Verdict} |");
        }

        foreach (var note in finding.Notes)
            page.AppendLine().AppendLine(note);
        foreach (var picture in finding.Pictures.Keys)
            page.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"![{finding.Subject.Title}]({Pictures}/{picture})");
    }

    private static string NameOf(Host? host) => host switch
    {
        Host.Worker => "worker",
        Host.EmptyWorker => "empty worker",
        _ => "in process",
    };

    private async Task WriteFiguresAsync()
    {
        var path = Repository.PathOf("docs", "figures.md");
        var figures = await File.ReadAllTextAsync(path);
        var (begin, end) = (figures.IndexOf(FiguresBegin, StringComparison.Ordinal), figures.IndexOf(FiguresEnd, StringComparison.Ordinal));
        if (begin < 0 || end < begin)
            throw new InvalidDataException($"docs/figures.md has no place for figures: {FiguresBegin} and {FiguresEnd}.");

        var lines = new StringBuilder(FiguresBegin).AppendLine().AppendLine("| figure | host | measured | goal |").AppendLine("|---|---|---:|---|");
        foreach (var (subject, figure) in findings.SelectMany(finding => finding.Figures, (finding, figure) => (finding.Subject.Name, figure)).Where(line => line.figure.IsHeadline))
            lines.AppendLine(CultureInfo.InvariantCulture, $"| {subject}: {figure.What} | {NameOf(figure.Host)} | {figure.Value} | {figure.Goal}{(figure.IsMet is false ? ", missed" : "")} |");
        await File.WriteAllTextAsync(path, (figures[..begin] + lines + figures[end..]).ReplaceLineEndings("\n"));
    }
}
