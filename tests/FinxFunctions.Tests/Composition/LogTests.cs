using System.Reflection;
using FinxFunctions.DevHost;
using FinxFunctions.Diagnostics;
using Microsoft.Extensions.Logging;

namespace FinxFunctions.Tests.Composition;

public class LogTests
{
    [Fact]
    public void Each_log_event_has_a_unique_id()
    {
        var ids = from assembly in new[] { typeof(FinxMetrics).Assembly, typeof(Page).Assembly }
                  from type in assembly.GetTypes()
                  from method in type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                  where method.GetCustomAttribute<LoggerMessageAttribute>() is not null
                  select method.GetCustomAttribute<LoggerMessageAttribute>()!.EventId;

        Assert.True(ids.Count() > 10);
        Assert.Distinct(ids);
        Assert.DoesNotContain(-1, ids);
    }
}
