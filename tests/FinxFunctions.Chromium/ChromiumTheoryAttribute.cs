using System.Runtime.CompilerServices;
using Xunit;
using Xunit.v3;

namespace FinxFunctions.Chromium;

/// <summary>A theory that needs Chromium. Without one it is not discovered.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer(typeof(ChromiumTheoryDiscoverer))]
public sealed class ChromiumTheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
    : TheoryAttribute(sourceFilePath, sourceLineNumber);
