using FinxFunctions.Tests.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FinxFunctions.Tests.Rooms;

/// <summary>The app's source code, compiled in memory, so that a test can ask which room names which.</summary>
internal sealed class AppSource
{
    private const string RootNamespace = "FinxFunctions";

    private readonly CSharpCompilation _compilation;

    private AppSource(CSharpCompilation compilation) => _compilation = compilation;

    public IEnumerable<SyntaxTree> Files => _compilation.SyntaxTrees;

    public static AppSource Read()
    {
        var options = new CSharpParseOptions(LanguageVersion.Latest, DocumentationMode.None);
        var trees = Repository.SourceFiles("src", RootNamespace).Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), options, path));
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileNameWithoutExtension(path) != RootNamespace)
            .Select(path => MetadataReference.CreateFromFile(path));
        return new AppSource(CSharpCompilation.Create(RootNamespace, trees, references, new CSharpCompilationOptions(OutputKind.ConsoleApplication)));
    }

    /// <summary>The folder of a file: its room, or none for a file at the root.</summary>
    public static string? RoomOf(SyntaxTree file) =>
        Path.GetRelativePath(Path.Combine(Repository.PathOf("src"), RootNamespace), file.FilePath).Split(Path.DirectorySeparatorChar) is [var room, _, ..] ? room : null;

    /// <summary>Each name in a file that belongs to a room of the app.</summary>
    public IEnumerable<(string Room, string Name)> NamesIn(SyntaxTree file)
    {
        var model = _compilation.GetSemanticModel(file, ignoreAccessibility: true);
        return file.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>()
            .Where(name => name.FirstAncestorOrSelf<UsingDirectiveSyntax>() is null && name.FirstAncestorOrSelf<BaseNamespaceDeclarationSyntax>()?.Name.Contains(name) is not true)
            .SelectMany(name => Symbols(model, name))
            .Select(symbol => (Room: RoomOf(symbol), symbol.Name))
            .Where(found => found.Room is not null)
            .Select(found => (found.Room!, found.Name));
    }

    private static IEnumerable<ISymbol> Symbols(SemanticModel model, SimpleNameSyntax name)
    {
        var info = model.GetSymbolInfo(name);
        return info.Symbol is { } symbol ? [symbol] : info.CandidateSymbols;
    }

    private static string? RoomOf(ISymbol symbol)
    {
        var type = symbol as INamedTypeSymbol ?? symbol.ContainingType;
        return type?.ContainingNamespace?.ToDisplayString().Split('.') is [RootNamespace, var room, ..] ? room : null;
    }
}
