using System.Text;
using Microsoft.Extensions.Logging;

namespace FinxFunctions.Benchmarks.Hosts;

/// <summary>
/// Log lines into a file, a block at a time: what an exporter that works in batches does to the threads that log. The console writes each
/// line by itself.
/// </summary>
internal sealed class BlockLog(string path) : ILoggerProvider, ILogger
{
    private const int Block = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly StreamWriter _file = new(path, Encoding.UTF8, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = Block });

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = formatter(state, exception);
        lock (_gate)
            _file.WriteLine(line);
    }

    public void Dispose() => _file.Dispose();
}
