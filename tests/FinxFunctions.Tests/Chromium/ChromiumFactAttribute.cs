using System.Runtime.CompilerServices;

namespace FinxFunctions.Tests.Chromium;

/// <summary>A test that needs a browser; where there is none it is skipped, and says how to get one.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChromiumFactAttribute : FactAttribute
{
    public const string Path = "/usr/bin/chromium";

    public ChromiumFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        if (!File.Exists(Path))
        {
            Skip = $"There is no {Path}: apt-get install chromium.";
        }
    }
}
