using System.Text.RegularExpressions;

namespace FinxFunctions.DevHost.Workbench;

/// <summary>Puts what the app logs of itself on the timeline: the events that mark a way, and every warning.</summary>
public sealed partial class TimelineLogs(Timeline timeline) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Listener(timeline, categoryName.StartsWith("Finx.", StringComparison.Ordinal));

    public void Dispose()
    {
    }

    private static string KindOf(int eventId) => eventId switch
    {
        10 => "done",
        20 => "commit",
        11 or 12 or 13 or 14 => "spend",
        15 => "end",
        16 or 18 => "recover",
        17 => "keep",
        19 => "vault",
        30 or 31 => "tick",
        40 or 41 => "end",
        60 or 61 => "callback",
        _ => "app",
    };

    /// <summary>An id's beginning tells it from the others that are on the page.</summary>
    [GeneratedRegex(@"\b([0-9a-f]{8})[0-9a-f]{24}\b")]
    private static partial Regex Id();

    private sealed class Listener(Timeline timeline, bool isOurs) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => isOurs && logLevel is >= LogLevel.Information and < LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var (kind, isTrouble) = (KindOf(eventId.Id), logLevel >= LogLevel.Warning);
            if (isTrouble || kind != "app")
                timeline.Add(kind, Id().Replace(formatter(state, exception), "$1…"), isTrouble);
        }
    }
}
