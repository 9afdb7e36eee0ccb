using System.Text.RegularExpressions;

namespace FinxFunctions.DevHost.Workbench;

/// <summary>Adds log records of the app to the timeline: the events of a rotation, and every warning.</summary>
public sealed partial class TimelineLogs(Timeline timeline) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Listener(timeline, IsOfApp(categoryName));

    public void Dispose()
    {
    }

    /// <summary>Not the audit trail, which repeats other records, and not DevHost itself.</summary>
    private static bool IsOfApp(string category) =>
        category.StartsWith("FinxFunctions.", StringComparison.Ordinal)
        && category != "FinxFunctions.Audit"
        && !category.StartsWith("FinxFunctions.DevHost", StringComparison.Ordinal);

    private static string KindOf(int eventId) => eventId switch
    {
        10 => "done",
        20 => "commit",
        11 or 12 or 13 or 14 => "redeem",
        15 => "end",
        16 or 18 => "recover",
        17 => "persist",
        19 => "vault",
        30 or 31 => "tick",
        40 or 41 => "end",
        60 or 61 => "callback",
        _ => "app",
    };

    /// <summary>The first digits of an id are enough to recognise it on the page.</summary>
    [GeneratedRegex(@"\b([0-9a-f]{8})[0-9a-f]{24}\b")]
    private static partial Regex Id();

    private sealed class Listener(Timeline timeline, bool isOfApp) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => isOfApp && logLevel is >= LogLevel.Information and < LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var (kind, isTrouble) = (KindOf(eventId.Id), logLevel >= LogLevel.Warning);
            if (isTrouble || kind != "app")
                timeline.Add(kind, Id().Replace(formatter(state, exception), "$1…"), isTrouble);
        }
    }
}
