namespace FinxFunctions.Finx;

/// <summary>A text, number or literal of a JSON body.</summary>
/// <param name="Path">The names that lead to it. An array adds none.</param>
/// <param name="Depth">How many objects and arrays it is in.</param>
/// <param name="Text">The text; of a number its digits. Null for <c>null</c> and <c>false</c>.</param>
/// <param name="IsString">Whether it stands in quotes.</param>
public readonly record struct JsonScalar(string[] Path, int Depth, string? Text, bool IsString)
{
    /// <summary>Values are not printed: they may be tokens.</summary>
    public override string ToString() => string.Join('.', Path);
}
