using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace FinxFunctions.DevHost.Workbench;

/// <summary>What happened lately in the app and around it. Holds words, never a token.</summary>
public sealed class Timeline(TimeProvider clock)
{
    private const int Kept = 300;

    private readonly Lock _gate = new();
    private readonly Queue<TimelineEvent> _events = [];
    private readonly List<Channel<TimelineEvent>> _followers = [];
    private long _last;

    /// <param name="at">When, by the sandbox's clock; now if it is not said.</param>
    public void Add(string kind, string text, bool isTrouble = false, DateTimeOffset? at = null)
    {
        lock (_gate)
        {
            var happened = new TimelineEvent(++_last, kind, text, at ?? clock.GetUtcNow(), isTrouble);
            _events.Enqueue(happened);
            if (_events.Count > Kept)
                _events.Dequeue();
            foreach (var follower in _followers)
                follower.Writer.TryWrite(happened);
        }
    }

    /// <summary>The events that are kept, and then each as it happens.</summary>
    /// <param name="after">The number of the last event known; one that is yet to come is of a former run, and nothing is known.</param>
    public async IAsyncEnumerable<TimelineEvent> FollowAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<TimelineEvent>(new BoundedChannelOptions(Kept) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_gate)
        {
            foreach (var known in _events.Where(known => after > _last || known.Number > after))
                channel.Writer.TryWrite(known);
            _followers.Add(channel);
        }

        try
        {
            await foreach (var happened in channel.Reader.ReadAllAsync(cancellationToken))
                yield return happened;
        }
        finally
        {
            lock (_gate)
                _followers.Remove(channel);
        }
    }
}
