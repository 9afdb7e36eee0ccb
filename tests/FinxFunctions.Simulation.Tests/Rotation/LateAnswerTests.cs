using Azure;
using FinxFunctions.KeyVault;
using FinxFunctions.Rotation;
using FinxFunctions.State;

namespace FinxFunctions.Simulation.Tests.Rotation;

/// <summary>The decision about an answer whose lease changed meanwhile, case by case. Nothing is read or written here.</summary>
public sealed class LateAnswerTests
{
    private static readonly DateTimeOffset Start = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Uri Vault = new("https://vault.example/");
    private static readonly EncryptedValue SomeAnswer = new(new Uri("https://vault.example/secrets/sealing-key/1"), [1]);

    private static readonly Lease Answered = new()
    {
        ConnectionId = Pairs.Id,
        Kind = LeaseKind.Refresh,
        FromGeneration = 1,
        AttemptId = "attempt",
        Holder = "holder",
        StartedAt = Start,
        PresentedAt = Start,
        ExpiresAt = Start.AddSeconds(90),
        Answer = SomeAnswer,
        AnsweredAt = Start.AddSeconds(200),
        ETag = new ETag("mine"),
    };

    private static readonly Lease Exchanged = Answered with { Kind = LeaseKind.Exchange };

    private static readonly Lease Other = Answered with { AttemptId = "other", Holder = "other", Answer = null, AnsweredAt = null, PresentedAt = Start.AddSeconds(100), ETag = new ETag("theirs") };

    private static readonly Connection Connection = new()
    {
        Id = Pairs.Id,
        CallerId = "caller",
        UserKey = "user",
        CreatedAt = Start,
        Vault = Vault,
        Status = ConnectionStatus.Active,
        Generation = 1,
        CommittedBy = "first",
        ConsentExpiresAt = Start.AddDays(180),
    };

    public static TheoryData<string, Connection?, Lease?, Lease, bool, LateAnswer> Cases => new()
    {
        { "gone", null, null, Answered, true, new LateAnswer.Discarded() },
        { "deleted", Connection with { Status = ConnectionStatus.Deleted }, null, Answered, true, new LateAnswer.Discarded() },
        { "deleted, code", Connection with { Status = ConnectionStatus.Deleted }, Other, Exchanged, true, new LateAnswer.Discarded() },

        { "lease released", Connection, null, Answered, true, new LateAnswer.Persist(Answered) },
        { "lease released, unreadable", Connection, null, Answered, false, new LateAnswer.Persist(Answered) },
        { "own write", Connection, Answered with { ETag = new ETag("written") }, Answered, true, new LateAnswer.AlreadyPersisted() },
        { "other process, no answer", Connection, Other, Answered, true, new LateAnswer.Persist(Answered with { ETag = Other.ETag, Ambiguous = true }) },
        { "other process, not presented since", Connection, Other with { PresentedAt = Start }, Answered, true, new LateAnswer.Persist(Answered with { ETag = Other.ETag }) },
        { "other process, later answer", Connection, Other with { Answer = SomeAnswer }, Answered, true, new LateAnswer.Discarded() },
        { "other process, earlier answer", Connection, Other with { Answer = SomeAnswer, PresentedAt = Start.AddSeconds(-1) }, Answered, true, new LateAnswer.Persist(Answered with { ETag = Other.ETag }) },
        { "same attempt, new holder's answer", Connection, Other with { AttemptId = "attempt", Answer = SomeAnswer }, Answered, true, new LateAnswer.Discarded() },

        { "code over a refresh without answer", Connection, Other, Exchanged, true, new LateAnswer.Persist(Exchanged with { ETag = Other.ETag, Ambiguous = true }) },
        { "code over a refresh with later answer", Connection, Other with { Answer = SomeAnswer }, Exchanged, true, new LateAnswer.Persist(Exchanged with { ETag = Other.ETag, Ambiguous = true }) },
        { "refresh under a code's answer", Connection, Other with { Kind = LeaseKind.Exchange, Answer = SomeAnswer }, Answered, true, new LateAnswer.Discarded() },
        { "refresh under a code's answer, presented before", Connection, Other with { Kind = LeaseKind.Exchange, Answer = SomeAnswer, PresentedAt = Start.AddSeconds(-100) }, Answered, true, new LateAnswer.Discarded() },
        { "code over a later code's answer", Connection, Other with { Kind = LeaseKind.Exchange, Answer = SomeAnswer }, Exchanged, true, new LateAnswer.Discarded() },

        { "newer generation", Connection with { Generation = 2, CommittedBy = "other" }, null, Answered, true, new LateAnswer.Discarded() },
        { "newer generation, leased", Connection with { Generation = 2, CommittedBy = "other" }, Other with { FromGeneration = 2 }, Answered, true, new LateAnswer.Discarded() },
        { "own attempt committed, presented before", Connection with { Generation = 2, CommittedBy = "attempt", PresentedAt = Start.AddSeconds(-1) }, null, Answered, true, new LateAnswer.Persist(Answered with { FromGeneration = 2 }) },
        { "own attempt committed, presented later", Connection with { Generation = 2, CommittedBy = "attempt", PresentedAt = Start.AddSeconds(1) }, null, Answered, true, new LateAnswer.Discarded() },
        { "own attempt committed, leased since", Connection with { Generation = 2, CommittedBy = "attempt", PresentedAt = Start.AddSeconds(-1) }, Other with { FromGeneration = 2 }, Answered, true, new LateAnswer.Discarded() },
        { "own code committed, presented before", Connection with { Generation = 2, CommittedBy = "attempt", PresentedAt = Start.AddSeconds(-1) }, null, Exchanged, true, new LateAnswer.Persist(Answered with { FromGeneration = 2 }) },

        { "code, overtaken by refreshes", Connection with { Generation = 3, CommittedBy = "other" }, null, Exchanged, true, new LateAnswer.Persist(Exchanged with { FromGeneration = 3 }) },
        { "code, overtaken, a refresh under way", Connection with { Generation = 3, CommittedBy = "other" }, Other with { FromGeneration = 3 }, Exchanged, true, new LateAnswer.Persist(Exchanged with { FromGeneration = 3, ETag = Other.ETag }) },
        { "code, overtaken, a refresh answered", Connection with { Generation = 3, CommittedBy = "other" }, Other with { FromGeneration = 3, Answer = SomeAnswer }, Exchanged, true, new LateAnswer.Persist(Exchanged with { FromGeneration = 3, ETag = Other.ETag }) },
        { "code, overtaken, another code under way", Connection with { Generation = 3, CommittedBy = "other" }, Other with { FromGeneration = 3, Kind = LeaseKind.Exchange }, Exchanged, true, new LateAnswer.Discarded() },
        { "code, overtaken, unreadable", Connection with { Generation = 3, CommittedBy = "other" }, null, Exchanged, false, new LateAnswer.Discarded() },
        { "code, overtaken by a later consent", Connection with { Generation = 2, CommittedBy = "other", ConsentExpiresAt = Start.AddDays(181) }, null, Exchanged, true, new LateAnswer.Discarded() },
        { "refresh, overtaken", Connection with { Generation = 3, CommittedBy = "other" }, Other with { FromGeneration = 3 }, Answered, true, new LateAnswer.Discarded() },
    };

    [Theory, MemberData(nameof(Cases))]
    public void The_rows_decide(string name, Connection? connection, Lease? lease, Lease answered, bool isReadable, LateAnswer expected)
    {
        var current = connection is null ? null : new ConnectionSnapshot(connection, lease, [], null);

        var decision = LateAnswer.Decide(current, answered, Start.AddSeconds(200) + TimeSpan.FromDays(180), isReadable);

        Assert.True(expected == decision, $"{name}: {decision} instead of {expected}");
    }
}
