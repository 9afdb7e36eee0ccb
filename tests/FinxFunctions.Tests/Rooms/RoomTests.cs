using FinxFunctions.Tests.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FinxFunctions.Tests.Rooms;

/// <summary>The rooms of the app are layers, and their code stays small. docs/architecture.md describes them.</summary>
public class RoomTests
{
    private const int LongestFile = 250;
    private const int LongestMethod = 50;
    private const int MostDependencies = 5;

    /// <summary>A room may name those before it, and no other.</summary>
    private static readonly string[] Layers =
    [
        "Primitives", "Diagnostics", "Finx", "KeyVault", "State", "Auditing", "Authorization", "Rotation", "Http",
        "Links", "Callback", "Tokens", "Accounts", "Connections", "Maintenance", "Hosting",
    ];

    private static readonly string[] Projects = ["FinxFunctions", "FinxFunctions.Client", "FinxFunctions.DevHost", "FinxSandbox"];

    private static readonly Lazy<AppSource> Source = new(AppSource.Read);

    [Fact]
    public void No_room_names_a_room_above_it() => Assert.Empty(
        from file in Source.Value.Files
        let room = AppSource.RoomOf(file)
        where room is not null
        from found in Source.Value.NamesIn(file).Distinct()
        where Array.IndexOf(Layers, found.Room) > Array.IndexOf(Layers, room)
        select $"{room}/{Path.GetFileName(file.FilePath)} names {found.Room}.{found.Name}");

    [Fact]
    public void Names_are_found_at_all()
    {
        var rotation = Source.Value.Files.Where(file => AppSource.RoomOf(file) is "Rotation").SelectMany(Source.Value.NamesIn).Select(found => found.Room).ToHashSet();

        Assert.Superset(new HashSet<string> { "Primitives", "Diagnostics", "Finx", "KeyVault", "State", "Auditing" }, rotation);
    }

    [Fact]
    public void Every_folder_is_a_room_and_its_files_are_in_its_namespace()
    {
        Assert.Equal(Layers.Order(), Source.Value.Files.Select(AppSource.RoomOf).OfType<string>().Distinct().Order());
        Assert.Empty(
            from file in Source.Value.Files
            let room = AppSource.RoomOf(file)
            where room is not null
            from declared in file.GetRoot().DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>()
            where declared.Name.ToString() != $"FinxFunctions.{room}"
            select $"{file.FilePath}: {declared.Name}");
    }

    [Fact]
    public void The_biggest_room_is_under_a_fifth_of_the_whole()
    {
        var sizes = Source.Value.Files.GroupBy(AppSource.RoomOf).Select(room => (room.Key, Lines: room.Sum(LinesOf))).ToList();

        Assert.All(sizes, room => Assert.True(room.Lines * 5 < sizes.Sum(other => other.Lines), $"{room.Key} has {room.Lines} lines."));
    }

    [Fact]
    public void No_file_is_long() => Assert.Empty(
        from project in Projects
        from path in Repository.SourceFiles("src", project)
        let lines = File.ReadLines(path).Count()
        where lines > LongestFile
        select $"{path}: {lines} lines");

    [Fact]
    public void No_method_is_long() => Assert.Empty(
        from file in Source.Value.Files
        from method in file.GetRoot().DescendantNodes().Where(node => node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax)
        let lines = LinesOf(method)
        where lines > LongestMethod
        select $"{file.FilePath}: {method.GetText().Lines[0]} has {lines} lines");

    [Fact]
    public void No_constructor_takes_more_than_five_dependencies() => Assert.Empty(
        from file in Source.Value.Files
        from type in file.GetRoot().DescendantNodes().OfType<ClassDeclarationSyntax>()
        from parameters in type.Members.OfType<ConstructorDeclarationSyntax>().Select(constructor => constructor.ParameterList).Append(type.ParameterList)
        where parameters?.Parameters.Count > MostDependencies
        select $"{type.Identifier} takes {parameters.Parameters.Count}");

    private static int LinesOf(SyntaxTree file) => file.GetText().Lines.Count;

    private static int LinesOf(SyntaxNode node)
    {
        var span = node.GetLocation().GetLineSpan();
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }
}
