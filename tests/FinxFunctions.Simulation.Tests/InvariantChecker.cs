using System.Text;
using System.Text.Json;
using Azure.Security.KeyVault.Secrets;
using FinxFunctions.KeyVault;
using FinxFunctions.Primitives;
using FinxFunctions.Rotation;
using FinxFunctions.StandIns;
using FinxFunctions.State;

namespace FinxFunctions.Simulation.Tests;

/// <summary>
/// Checks every call, row, secret and token against the invariants of the rotation. It sees more than a process does: the tokens that finX
/// issued, the content of encrypted rows, and lost answers.
/// </summary>
internal sealed class InvariantChecker(World world, TableAccount tables, IReadOnlyDictionary<Uri, InMemoryVault> vaults, InMemoryFinx finx, History history, TokenOptions policy)
{
    /// <summary>For this long after a freeze, two processes may act under the same lease.</summary>
    private static readonly TimeSpan Thaw = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, SimulatedProcess> _leaseWriters = [];
    private readonly List<Violation> _violations = [];
    private readonly Dictionary<string, int> _counts = [];
    private DateTimeOffset _lastThaw;

    public IReadOnlyList<Violation> Violations => _violations;

    /// <summary>The kinds of events, and how often each was seen.</summary>
    public IReadOnlyDictionary<string, int> Counts => _counts;

    /// <summary>The process whose call is being executed.</summary>
    public SimulatedProcess? Writer { get; set; }

    public void Count(string what) => _counts[what] = _counts.GetValueOrDefault(what) + 1;

    public void Violated(string connectionId, string what)
    {
        history.Note(connectionId, 0, "VIOLATION", what);
        _violations.Add(new Violation(world.Now, connectionId, what));
    }

    /// <summary>I2: an answer is persisted before anything else is done with it.</summary>
    public void Called(ServiceCall call, Flow? flow)
    {
        if (flow?.JustAnswered.Remove(call.ConnectionId) is true && call.Operation != "connections.update")
        {
            Violated(call.ConnectionId, $"I2: {call.Operation} came before finX's answer was persisted");
        }
    }

    public void Struck(ServiceCall call, Fault fault, SimulatedProcess host)
    {
        history.Note(call.ConnectionId, host.Number, call.Operation, fault);
        if (fault is Fault.CrashBefore or Fault.CrashAfter)
        {
            Count("crashes");
        }
    }

    public void Answered(ServiceCall call, int status, SimulatedProcess host) => history.Note(call.ConnectionId, host.Number, "answered", status);

    public void Frozen(SimulatedProcess host, SeededRandom random)
    {
        host.Freeze(random.Span(TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(6)));
        _lastThaw = host.FrozenUntil > _lastThaw ? host.FrozenUntil : _lastThaw;
        Count("freezes");
    }

    public void Logged(string message, string? connectionId, SimulatedProcess host)
    {
        CheckLeak(message, connectionId ?? "", "a log message");
        if (connectionId is not null)
        {
            history.Note(connectionId, host.Number, "log", message);
        }
    }

    /// <summary>I1 and I3: a process presents a token only under its own lease that has not expired, and again only as the replay policy allows.</summary>
    public void Presented(Presentation presentation, SimulatedProcess host)
    {
        Count("presentations");
        var token = presentation.Token;
        var id = token.Family.ConnectionId;
        if (SnapshotOf(id) is not { Lease: { } lease, Connection: var connection })
        {
            Violated(id, "I1: a token was presented without a lease");
            return;
        }

        var isCrossed = _lastThaw > world.Now - Thaw;
        Demand(id, lease.TokenHash == new Secret(token.Value).Hash(), "I1: a token was presented that is not the lease's");
        Demand(id, lease.Unanswered || isCrossed, "I1: a token was presented that the lease does not say is");
        Demand(id, lease.ExpiresAt > world.Now, "I1: a token was presented after the lease");
        Demand(id, lease.FromGeneration == connection.Generation || isCrossed, "I1: a token was presented though the generation had moved");
        Demand(id, lease.Answer is null || isCrossed, "I1: a token was presented though an answer was persisted");
        Demand(id, _leaseWriters.GetValueOrDefault(id) == host || isCrossed, "I3: a token was presented by another process than the lease holder");
        if (token.IssuedBy is null)
        {
            // A code is presented for as long as it may live: a user waits, and nothing else is worth as much.
            return;
        }

        var unanswered = token.Presentations.Count(earlier => earlier != presentation && earlier is { ReachedAt: not null, AnsweredAt: null } && earlier.SentAt > world.Now - policy.ReplayWindow);
        Demand(id, unanswered <= policy.Replays, $"I1: a token was presented though {unanswered} presentations had no answer");
    }

    public void Granted(string id, TokenPair pair)
    {
        Count("tokens handed out");
        Demand(id, finx.Find(pair.AccessToken.Reveal())?.Family.ConnectionId == id, "a caller got a token that is not this connection's");
        Demand(id, pair.AccessExpiresAt > world.Now, "a caller got a token that is over");
    }

    public void Written(TableStore table, Row? before, Row? after)
    {
        if (after is not null)
        {
            CheckLeaks(table, after);
        }

        if (table.Name != "connections")
        {
            return;
        }

        switch ((after ?? before)!.RowKey)
        {
            case "connection" when before is not null && after is not null:
                Moved(ConnectionRows.Connection(before.ToEntity()), ConnectionRows.Connection(after.ToEntity()));
                break;
            case "claim" when after is not null:
                _leaseWriters[after.PartitionKey] = Writer!;
                Persisted(after);
                break;
        }
    }

    public void Written(KeyVaultSecret secret)
    {
        foreach (var text in secret.Properties.Tags.Keys.Concat(secret.Properties.Tags.Values).Append(secret.Name).Append(secret.Properties.ContentType ?? ""))
        {
            CheckLeak(text, "", $"the properties of secret {secret.Name}");
        }

        if (secret.Name is not (DataKeys.SecretName or LookupKey.SecretName))
        {
            MarkKept(PairOf(secret).AccessToken.Reveal());
        }
    }

    /// <summary>Everything Table Storage holds of a connection.</summary>
    public ConnectionSnapshot? SnapshotOf(string id) => ConnectionRows.Snapshot([.. tables.Table("connections").Query(RowFilter.Parse($"PartitionKey eq '{id}'"), null, 100).Select(row => row.ToEntity())]);

    /// <summary>Whether finX honours the refresh token of a connection and, if not, whether the service could have avoided that.</summary>
    public (bool IsAlive, bool IsOurs, string Why) Judge(Connection connection)
    {
        if (finx.Find(PairOf(connection).RefreshToken!.Reveal()) is not { } token)
        {
            return (false, true, "it holds a token that finX never issued");
        }

        // An answer that was persisted only after the token was presented again could not be known.
        return (token, finx.Objection(token)) switch
        {
            (_, null) => (true, false, "alive"),
            ({ Family.RevokedBy: { } reuse }, "reuse") => reuse.Token.Presentations.Any(other => other != reuse && other.GrantedAt is not null && !(other.KeptAt < reuse.SentAt))
                ? (false, false, "finX revoked all after a replay whose first answer was lost")
                : (false, true, "finX revoked all after a needless replay"),
            (_, "used before") => token.Presentations.Any(presentation => presentation.IsLost)
                ? (false, false, "finX acted on a presentation whose answer was lost")
                : (false, true, "its token was redeemed and the answer persisted, but not used"),
            (_, "superseded") => token.Family.Newest!.IssuedBy!.IsLost
                ? (false, false, "finX acted once more on a former token, and that answer was lost")
                : (false, true, "a newer answer was persisted, but not used"),
            (_, "expired") => (false, true, "its token was left to expire"),
            (_, { } why) => (false, false, $"finX revoked it: {why}"),
        };
    }

    public TokenPair PairOf(Connection connection)
    {
        var id = new KeyVaultSecretIdentifier(connection.SecretId!);
        return PairOf(vaults[id.VaultUri].Get(id.Name, id.Version));
    }

    private static TokenPair PairOf(KeyVaultSecret secret) => JsonSerializer.Deserialize(secret.Value, TokenPairJson.Default.TokenPair)!;

    // I4: one step at a time, and each step's token descends from the one before.
    private void Moved(Connection before, Connection after)
    {
        if (after.Status is ConnectionStatus.Deleted)
        {
            return;
        }

        if (after.Generation != before.Generation)
        {
            Count("rotations");
            Demand(after.Id, after.Generation == before.Generation + 1, $"I4: the generation went from {before.Generation} to {after.Generation}");
            var pair = PairOf(after);
            Demand(after.Id, pair.Generation == after.Generation, $"I4: generation {after.Generation} names the secret of generation {pair.Generation}");
            if (before.SecretId is not null && finx.Find(pair.RefreshToken!.Reveal()) is { IssuedBy.Token: { IssuedBy: not null } parent })
            {
                var former = finx.Find(PairOf(before).RefreshToken!.Reveal())!;
                Demand(after.Id, parent == former || parent == former.IssuedBy?.Token, "I3: the new tokens do not descend from the former");
            }
        }

        if (before.Status is ConnectionStatus.Active && after.Status is ConnectionStatus.NeedsReconsent)
        {
            var (isAlive, isOurs, why) = Judge(before);
            Count($"ended: {why}");
            Demand(after.Id, !isAlive, "it was given up though finX honours its token");
            Demand(after.Id, !isOurs, $"it was lost by us: {why}");
        }
        else if (before.Status is ConnectionStatus.NeedsReconsent && after.Status is ConnectionStatus.Active)
        {
            Count("revived");
        }
    }

    private void Persisted(Row row)
    {
        if (SnapshotOf(row.PartitionKey)?.Lease is not { Answer: { } answer } lease)
        {
            return;
        }

        var keyId = new KeyVaultSecretIdentifier(answer.KeyId);
        var key = Convert.FromBase64String(vaults[keyId.VaultUri].Get(keyId.Name, keyId.Version).Value);
        var body = new DataKey(answer.KeyId, key).Decrypt(answer, lease.ConnectionId, lease.ToGeneration);
        if (FinxFunctions.Finx.TokenResponse.TryParse(body) is { } response
            && (response.AccessToken ?? response.RefreshToken) is { } token)
        {
            MarkKept(token.Reveal());
        }
    }

    private void MarkKept(string accessToken)
    {
        if (finx.Find(accessToken)?.IssuedBy is { } presentation)
        {
            presentation.KeptAt ??= world.Now;
        }
    }

    // I6
    private void CheckLeaks(TableStore table, Row row)
    {
        CheckLeak(row.PartitionKey, row.PartitionKey, table.Name);
        CheckLeak(row.RowKey, row.PartitionKey, table.Name);
        foreach (var (name, value) in row.Values)
        {
            if (value is string text)
            {
                CheckLeak(text, row.PartitionKey, $"{table.Name}.{name}");
            }
            else if (value is byte[] bytes && bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(InMemoryFinx.Mark)) >= 0)
            {
                Violated(row.PartitionKey, $"I6: a secret is in clear in {table.Name}.{name}");
            }
        }
    }

    private void CheckLeak(string text, string connectionId, string where) =>
        Demand(connectionId, !text.Contains(InMemoryFinx.Mark, StringComparison.Ordinal), $"I6: a secret is in clear in {where}");

    private void Demand(string connectionId, bool condition, string what)
    {
        if (!condition)
        {
            Violated(connectionId, what);
        }
    }
}
