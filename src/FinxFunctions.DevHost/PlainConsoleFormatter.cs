using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace FinxFunctions.DevHost;

/// <summary>Writes one line for each log record: the time, the level from Warning on, and the message.</summary>
public sealed class PlainConsoleFormatter(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "plain";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var level = logEntry.LogLevel >= LogLevel.Warning ? $"{logEntry.LogLevel}: " : "";
        textWriter.WriteLine($"{clock.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture)}  {level}{logEntry.Formatter(logEntry.State, logEntry.Exception)}");
        if (logEntry.Exception is { } exception)
            textWriter.WriteLine(logEntry.LogLevel >= LogLevel.Error ? exception : $"          {exception.Message}");
    }
}
