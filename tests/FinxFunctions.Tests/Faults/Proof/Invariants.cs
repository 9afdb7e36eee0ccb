using System.Globalization;
using FinxFunctions.State;
using FinxSandbox.Calls;

namespace FinxFunctions.Tests.Faults.Proof;

/// <summary>The invariants I1 to I6, checked from outside. Each finding is a sentence.</summary>
internal static class Invariants
{
    /// <summary>The default of <c>Tokens:Replays</c>.</summary>
    private const int Replays = 1;

    public static IReadOnlyList<string> Broken(Observations observed, DateTimeOffset now) =>
    [
        .. TokensPresentedTooOften(observed),
        .. AnswersLost(observed),
        .. LineagesBroken(observed),
        .. GenerationsSkipped(observed),
        .. ThingsStuck(observed, now),
        .. SecretsShown(observed),
    ];

    // Before a token is presented, it is written down that it will be. So what reached finX is no more than that, and what was written down
    // is what the policy allows: within one attempt, once and one replay, then one replay a window, and once more for each refusal; nothing once
    // an answer was persisted.
    private static IEnumerable<string> TokensPresentedTooOften(Observations observed)
    {
        var grants = observed.Grants();
        foreach (var presentations in observed.Presentations.GroupBy(entry => entry.Presented!))
        {
            var allowed = grants.Count(grant => grant.TokenHash == presentations.Key);
            if (presentations.Count() > allowed)
                yield return $"I1: a token was presented {presentations.Count()} times, {allowed} written down ({presentations.First().Operation}, {string.Join(' ', presentations.Select(entry => entry.Status?.ToString(CultureInfo.InvariantCulture) ?? "dropped"))}).";
        }

        foreach (var attempt in grants.GroupBy(grant => (grant.TokenHash, grant.AttemptId)))
        {
            var times = attempt.Select(grant => grant.PresentedAt).ToList();

            // A token that finX refused is not used up: it is asked about again, and that is no replay.
            var free = Replays + observed.Presentations.Count(entry => entry.Presented == attempt.Key.TokenHash && entry.Status is >= 400 and < 500);
            foreach (var (former, next) in times.Skip(free).Zip(times.Skip(1 + free)))
            {
                if (next - former < observed.Timing.ReplayWindow)
                    yield return $"I1: a token was presented again after {next - former}, beyond the replays of its window.";
            }

            if (observed.PersistedAt(attempt.Key.TokenHash) is { } persistedAt && attempt.Any(grant => grant.WrittenAt > persistedAt))
                yield return "I1: a token was presented again though its answer was persisted.";
        }
    }

    private static IEnumerable<string> AnswersLost(Observations observed)
    {
        var vaulted = observed.Vaulted().Select(pair => pair.RefreshToken).ToHashSet();
        var lost = observed.LostOnTheWay();
        foreach (var entry in observed.Presentations.Where(entry => entry.IssuedRefreshToken is { } issued && !vaulted.Contains(issued)))
        {
            if (!lost.Contains(entry.IssuedRefreshToken!))
                yield return $"I2: an answer that was received and persisted ({entry.Operation} {entry.Sequence}) never reached the vault.";
            else if (observed.WasReceived(entry) && !observed.WasSuperseded(entry) && !observed.WasAbandoned(entry))
                yield return $"I2: an answer that a host received in good time ({entry.Operation} {entry.Sequence}) was not persisted.";
        }
    }

    private static IEnumerable<string> LineagesBroken(Observations observed)
    {
        foreach (var connection in observed.Connections.Select(snapshot => snapshot.Connection).Where(connection => connection.Status is ConnectionStatus.Active && !observed.Pairs.ContainsKey(connection.Id)))
            yield return $"I3: an active connection's row names a secret that is not there (generation {connection.Generation}).";

        foreach (var (id, pair) in observed.Pairs)
        {
            var connection = observed.Connections.Single(snapshot => snapshot.Connection.Id == id).Connection;
            if (pair.Generation != connection.Generation)
                yield return $"I3: the row says generation {connection.Generation}, its secret {pair.Generation}.";
            var token = TokenHash.Of(pair.RefreshToken!.Reveal());
            if (connection.Status is ConnectionStatus.Active && !observed.Families.Any(family => !family.Revoked && family.NewestRefreshToken == token) && !observed.WasOvertaken(token))
                yield return $"I3: an active connection's refresh token is not the newest that finX issued.";
        }

        // Each refresh presents the token of the generation before.
        var generations = observed.Vaulted().DistinctBy(pair => pair.RefreshToken).ToDictionary(pair => pair.RefreshToken);
        foreach (var entry in observed.Presentations.Where(entry => entry is { Operation: "token.refresh", IssuedRefreshToken: not null }))
        {
            if (generations.TryGetValue(entry.IssuedRefreshToken!, out var after)
                && (!generations.TryGetValue(entry.Presented!, out var before) || before.ConnectionId != after.ConnectionId || before.Generation >= after.Generation))
                yield return $"I3: generation {after.Generation} does not descend from an earlier one.";
        }
    }

    private static IEnumerable<string> GenerationsSkipped(Observations observed) =>
        from snapshot in observed.Connections
        where snapshot.Connection.Status is not ConnectionStatus.Deleted
        let generations = observed.GenerationsOf(snapshot.Connection.Id).ToList()
        from step in generations.Zip(generations.Skip(1))
        where step.Second - step.First is not (0 or 1)
        select $"I4: the generation went from {step.First} to {step.Second}.";

    private static IEnumerable<string> ThingsStuck(Observations observed, DateTimeOffset now)
    {
        foreach (var snapshot in observed.Connections.Where(snapshot => snapshot.Lease is not null))
            yield return $"I5: a lease ({snapshot.Lease!.Kind}) is left.";

        var entries = observed.Schedule.Select(row => (At: new DateTimeOffset(long.Parse(row.RowKey.AsSpan(0, 19), CultureInfo.InvariantCulture), TimeSpan.Zero), Id: row.RowKey[20..])).ToList();
        foreach (var entry in entries.Where(entry => entry.At < now))
            yield return $"I5: an entry of the schedule is overdue since {now - entry.At}.";

        foreach (var connection in observed.Connections.Select(snapshot => snapshot.Connection).Where(connection => connection.Status is not ConnectionStatus.NeedsReconsent))
        {
            if (!entries.Any(entry => entry.Id == connection.Id && entry.At == connection.DueAt))
                yield return $"I5: the schedule does not lead to a connection that is {connection.Status}.";
        }
    }

    private static IEnumerable<string> SecretsShown(Observations observed)
    {
        var secrets = observed.Secrets();
        return (from text in observed.Public()
                where secrets.Any(secret => text.Text.Contains(secret, StringComparison.Ordinal))
                select $"I6: a secret is in clear in {text.Place}.").Distinct();
    }
}
