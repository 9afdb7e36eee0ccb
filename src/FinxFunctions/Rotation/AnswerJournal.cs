using System.Text.Json;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>
/// Answers of finX on the instance's own disk, encrypted: written before the answer is sent to Table Storage, and removed once it is there. If
/// the process dies in between, the next process on this instance finds the answer (<see cref="JournalReplay"/>). An instance that is lost
/// takes its journal with it. Off while <see cref="TokenOptions.JournalDirectory"/> is not set.
/// </summary>
/// <remarks>
/// An entry is one file, written without a flush: it outlives the process, and not the machine. The disk may be full or read-only; then the
/// answer goes on without the journal, and that is logged.
/// </remarks>
public sealed partial class AnswerJournal(IOptions<TokenOptions> options, ILogger<AnswerJournal> logger)
{
    private const string Ending = ".answer";

    /// <summary>More entries than that are left unread at one start: a process has far fewer answers under way.</summary>
    private const int Most = 1000;

    private readonly string? _directory = options.Value.JournalDirectory is { Length: > 0 } path ? Path.GetFullPath(path) : null;
    private bool _exists;

    /// <summary>Writes the answer of a lease. Never fails.</summary>
    public void Write(Lease answered) => Try(() =>
    {
        if (!_exists)
        {
            Create();
        }

        File.WriteAllBytes(PathOf(answered), JsonSerializer.SerializeToUtf8Bytes(answered, JournalJson.Default.Lease));
    });

    /// <summary>Removes the answer of a lease, which is persisted or of no use any more. Never fails.</summary>
    public void Remove(Lease answered) => Try(() => File.Delete(PathOf(answered)));

    /// <summary>The answers that former processes have left. A file that is not whole was never an answer that could be used, and is removed.</summary>
    public IReadOnlyList<Lease> Read()
    {
        List<Lease> left = [];
        Try(() =>
        {
            if (!Directory.Exists(_directory))
            {
                return;
            }

            foreach (var path in Directory.EnumerateFiles(_directory, "*" + Ending).Take(Most))
            {
                if (TryRead(path) is { } lease)
                {
                    left.Add(lease);
                }
            }
        });
        return left;
    }

    private static Lease? TryRead(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), JournalJson.Default.Lease);
        }
        catch (JsonException)
        {
            File.Delete(path);
            return null;
        }
    }

    private string PathOf(Lease lease) => Path.Combine(_directory!, $"{lease.ConnectionId}-{lease.Holder}{Ending}");

    private void Create()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(_directory!);
        }
        else
        {
            Directory.CreateDirectory(_directory!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        _exists = true;
    }

    private void Try(Action work)
    {
        if (_directory is null)
        {
            return;
        }

        try
        {
            work();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            NotWritten(exception);
        }
    }

    [LoggerMessage(26, LogLevel.Error, "The journal of answers cannot be used. Until it can, the death of this process may cost the answer that it is about to persist; check Tokens__JournalDirectory.")]
    private partial void NotWritten(Exception exception);
}
