namespace FinxFunctions.Tests.Composition;

/// <summary>Files at the repository's root.</summary>
internal static class Repository
{
    public static string PathOf(string file)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "FinxFunctions.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? throw new DirectoryNotFoundException("The tests run outside their repository."), file);
    }

    /// <summary>The C# files of a project, without what a build makes.</summary>
    public static IEnumerable<string> SourceFiles(string folder, string project)
    {
        var root = Path.Combine(PathOf(folder), project);
        return Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Where(path => Path.GetRelativePath(root, path).Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj"));
    }

    /// <summary>The rows of all tables of a Markdown file, cell by cell.</summary>
    public static IEnumerable<string[]> TableRows(string file) =>
        from line in File.ReadLines(PathOf(file))
        where line.StartsWith('|') && line.EndsWith('|')
        select line[1..^1].Split('|', StringSplitOptions.TrimEntries);
}
