using System.Text.RegularExpressions;

namespace FinxFunctions.Tests.Composition;

/// <summary>Links between the documents of the repository.</summary>
public partial class DocumentTests
{
    private static readonly string[] Folders = ["", "docs", "infra", "infra/runbooks", "src/FinxSandbox", "tests/FinxFunctions.Benchmarks"];

    public static TheoryData<string> Documents => [.. Folders.SelectMany(folder => Directory.EnumerateFiles(Repository.PathOf(folder), "*.md"))];

    [Theory]
    [MemberData(nameof(Documents))]
    public void A_link_leads_to_a_file_and_a_heading_that_exist(string document) => Assert.All(
        Link().Matches(File.ReadAllText(document)),
        link =>
        {
            var (path, heading) = (link.Groups["path"].Value, link.Groups["heading"].Value);
            var target = path.Length == 0 ? document : Path.Combine(Path.GetDirectoryName(document)!, path);

            Assert.True(Path.Exists(target), $"{path} does not exist.");
            if (heading.Length > 0)
            {
                Assert.Contains(heading, Heading().Matches(File.ReadAllText(target)).Select(found => Slug(found.Groups[1].Value)));
            }
        });

    /// <summary>The anchor that GitHub gives a heading.</summary>
    private static string Slug(string heading) => NotInSlug().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"\]\((?!https?:)(?<path>[^)#\s]*)(?:#(?<heading>[^)]+))?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#{1,6} (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInSlug();
}
