using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace FinxFunctions.DevHost;

/// <summary>A line on the console for each thing that happened, in words: when, whether it is trouble, and what.</summary>
public sealed class WordsFormatter(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "words";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var trouble = logEntry.LogLevel >= LogLevel.Warning ? $"{logEntry.LogLevel}: " : "";
        textWriter.WriteLine($"{clock.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture)}  {trouble}{logEntry.Formatter(logEntry.State, logEntry.Exception)}");
        if (logEntry.Exception is { } exception)
            textWriter.WriteLine(logEntry.LogLevel >= LogLevel.Error ? exception : $"          {exception.Message}");
    }
}
