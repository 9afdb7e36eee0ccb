using System.Runtime.CompilerServices;
using System.Text.Json;
using FinxSandbox.Faults;

namespace FinxSandbox.Tests;

/// <summary>The README names what a rule can be.</summary>
public sealed class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(Here(), "..", "..", "src", "FinxSandbox", "README.md"));

    [Fact]
    public void It_names_each_kind_of_fault()
    {
        Assert.All(Enum.GetNames<FaultKind>(), kind => Assert.Contains($"`{Snake(kind)}`", Readme, StringComparison.Ordinal));
    }

    [Fact]
    public void It_names_each_property_of_a_rule()
    {
        string[] inProcess = [nameof(FaultRule.HoldBefore), nameof(FaultRule.HoldAfter)];

        Assert.All(
            typeof(FaultRule).GetProperties().Select(property => property.Name).Except(inProcess),
            property => Assert.Matches($"[`\"]{Snake(property)}[`\"]", Readme));
    }

    [Fact]
    public void It_names_each_odd_answer()
    {
        Assert.All(FaultRules.OddAnswers, odd => Assert.True(
            Readme.Contains($"`{odd}`", StringComparison.Ordinal)
            || Readme.Contains($"`{odd[^3..]}`", StringComparison.Ordinal) && (odd.StartsWith("invalid_grant_", StringComparison.Ordinal) || odd.StartsWith("framework_", StringComparison.Ordinal)),
            odd));
    }

    private static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
