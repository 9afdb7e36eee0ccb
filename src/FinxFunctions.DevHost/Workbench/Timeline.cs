using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace FinxFunctions.DevHost.Workbench;

/// <summary>The latest events in the app, finX and Key Vault, as texts. Never holds a token.</summary>
public sealed class Timeline(TimeProvider clock)
{
    private const int Capacity = 300;

    private readonly Lock _gate = new();
    private readonly Queue<TimelineEvent> _events = [];
    private readonly List<Channel<TimelineEvent>> _followers = [];
    private long _last;

    /// <param name="at">The time by the sandbox's clock. Null for now.</param>
    public void Add(string kind, string text, bool isTrouble = false, DateTimeOffset? at = null)
    {
        lock (_gate)
        {
            var happened = new TimelineEvent(++_last, kind, text, at ?? clock.GetUtcNow(), isTrouble);
            _events.Enqueue(happened);
            if (_events.Count > Capacity)
                _events.Dequeue();
            foreach (var follower in _followers)
                follower.Writer.TryWrite(happened);
        }
    }

    /// <summary>The kept events, then each new one.</summary>
    /// <param name="after">The number of the last event that the reader has. A number that is not used yet comes from an earlier run, so all events are returned.</param>
    public async IAsyncEnumerable<TimelineEvent> FollowAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<TimelineEvent>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest });
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
