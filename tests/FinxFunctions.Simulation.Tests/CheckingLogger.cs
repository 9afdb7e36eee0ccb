using Microsoft.Extensions.Logging;

namespace FinxFunctions.Simulation.Tests;

/// <summary>Passes the logs of a process to the checker.</summary>
internal sealed class CheckingLogger(InvariantChecker checker, SimulatedProcess host) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => checker.Logged(
        $"{formatter(state, exception)} {exception}",
        (state as IEnumerable<KeyValuePair<string, object?>>)?.FirstOrDefault(pair => pair.Key == "ConnectionId").Value as string,
        host);

    public void Dispose()
    {
    }
}
