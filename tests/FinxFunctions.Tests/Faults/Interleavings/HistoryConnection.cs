using System.Collections.Concurrent;
using System.Globalization;
using FinxFunctions.Tests.Faults.Proof;
using FinxSandbox.Calls;

namespace FinxFunctions.Tests.Faults.Interleavings;

/// <summary>A connection in a history, and the replies to its callers.</summary>
internal sealed class HistoryConnection(string id, string user)
{
    private readonly ConcurrentQueue<Reply> _replies = [];
    private int _generation = 1;

    public string Id { get; } = id;

    public string User { get; } = user;

    /// <summary>The newest generation that a caller was given.</summary>
    public int Generation => _generation;

    public bool IsDeleted { get; set; }

    public IEnumerable<Reply> Replies => _replies;

    /// <summary>The tokens given out, by hash.</summary>
    public IEnumerable<(int Generation, string Hash)> Tokens => from reply in _replies
                                                                where reply["access_token"] is not null
                                                                select (int.Parse(reply["generation"]!, CultureInfo.InvariantCulture), TokenHash.Of(reply["access_token"]!));

    public void Heard(Reply reply)
    {
        _replies.Enqueue(reply);
        if (reply["generation"] is { } text)
            InterlockedMax(int.Parse(text, CultureInfo.InvariantCulture));
    }

    private void InterlockedMax(int generation)
    {
        int former;
        while ((former = _generation) < generation && Interlocked.CompareExchange(ref _generation, generation, former) != former)
        {
        }
    }
}
