using System.Runtime.CompilerServices;
using Xunit;
using Xunit.v3;

namespace FinxFunctions.Chromium;

/// <summary>A fact that needs Chromium. Without one it is not discovered.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer(typeof(ChromiumFactDiscoverer))]
public sealed class ChromiumFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
    : FactAttribute(sourceFilePath, sourceLineNumber);
