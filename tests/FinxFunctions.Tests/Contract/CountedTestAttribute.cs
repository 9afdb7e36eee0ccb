using System.Reflection;
using Xunit.v3;

namespace FinxFunctions.Tests.Contract;

/// <summary>Records which tests were run.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class CountedTestAttribute : BeforeAfterTestAttribute
{
    public override void Before(MethodInfo methodUnderTest, IXunitTest test) => Coverage.Run.TryAdd(methodUnderTest, true);
}
