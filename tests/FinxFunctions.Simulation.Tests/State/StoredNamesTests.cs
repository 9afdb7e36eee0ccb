using FinxFunctions.Auditing;
using FinxFunctions.KeyVault;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.StandIns;
using FinxFunctions.State;

namespace FinxFunctions.Simulation.Tests.State;

/// <summary>
/// The names under which tables and vaults hold what earlier versions wrote. Two versions run side by side during an update, so a name
/// changes only with a transition.
/// </summary>
public sealed class StoredNamesTests
{
    private static readonly DateTimeOffset At = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly EncryptedValue Value = new(new Uri("https://vault.example/secrets/sealing-key/1"), [1]);

    private static readonly Connection Connection = new()
    {
        Id = Pairs.Id,
        CallerId = "caller",
        UserKey = "user",
        UserId = Value,
        Status = ConnectionStatus.NeedsReconsent,
        Generation = 3,
        CreatedAt = At,
        RefreshedAt = At,
        AccessExpiresAt = At,
        RefreshExpiresAt = At,
        NextRotationAt = At,
        ConsentExpiresAt = At,
        Scope = "scope",
        Reason = "refused",
        Vault = new Uri("https://vault.example/"),
        SecretId = new Uri("https://vault.example/secrets/s/1"),
        HasOverflow = true,
        RetiredSecret = "former",
        CommittedBy = "attempt",
        PresentedAt = At,
        FormerPresentationUnanswered = true,
        TraceContext = "trace",
        DueAt = At,
        Failures = 2,
        RetryAt = At,
        RetryCause = TryLaterCause.FinxUnavailable,
    };

    private static readonly Lease Lease = new()
    {
        ConnectionId = Pairs.Id,
        Kind = LeaseKind.Exchange,
        FromGeneration = 3,
        AttemptId = "attempt",
        Holder = "holder",
        Actor = "actor",
        ExpiresAt = At,
        StartedAt = At,
        TokenHash = "hash",
        PresentedAt = At,
        Replays = 1,
        Unanswered = true,
        Ambiguous = true,
        Failures = 2,
        Code = Value,
        LinkKey = "link",
        Answer = Value,
        AnsweredAt = At,
        TraceContext = "trace",
    };

    private static readonly Link Link = new("key", "flow", new Uri("https://app.example/done"), "state", At, At)
    {
        Status = LinkStatus.Held,
        Error = "error",
        Mode = LinkMode.Popup,
        Origin = "https://app.example",
        CodeChallenge = "challenge",
        Code = Value,
        IdempotencyKey = "idempotency",
        RequestHash = "request",
        Location = Value,
        TraceContext = "trace",
    };

    [Fact]
    public void A_connection_has_the_columns_that_earlier_versions_wrote() => Assert.Equal(
        [
            "AccessExpiresAt=2027-01-01", "CommittedBy=attempt", "ConsentExpiresAt=2027-01-01", "CreatedAt=2027-01-01", "Failures=2", "Generation=3", "HasOverflow=True", "HasUnreadable=False", "IsDoubtful=True",
            "NextRotationAt=2027-01-01", "Owner=caller", "PresentedAt=2027-01-01", "Reason=refused", "RefreshExpiresAt=2027-01-01", "RefreshedAt=2027-01-01", "Refusals=0", "RetiredSecret=former", "RetryAt=2027-01-01",
            "RetryCause=FinxUnavailable", "Scope=scope", "SecretId=https://vault.example/secrets/s/1", "Status=NeedsReconsent", "TraceContext=trace", "UserId0=1",
            "UserIdKey=https://vault.example/secrets/sealing-key/1", "UserKey=user", "Vault=https://vault.example/", "VisitAt=2027-01-01",
        ],
        Columns(ConnectionRows.Of(Connection), "connection"));

    [Fact]
    public void A_lease_has_the_columns_that_earlier_versions_wrote() => Assert.Equal(
        [
            "Actor=actor", "Ambiguous=True", "Answer0=1", "AnswerKey=https://vault.example/secrets/sealing-key/1", "AnsweredAt=2027-01-01", "AttemptId=attempt", "Code0=1",
            "CodeKey=https://vault.example/secrets/sealing-key/1", "Failures=2", "FromGeneration=3", "Kind=Exchange", "LeaseUntil=2027-01-01", "LinkKey=link", "Owner=holder", "PresentedAt=2027-01-01",
            "Refusals=0", "Replays=1", "StartedAt=2027-01-01", "TokenHash=hash", "TraceContext=trace", "Unanswered=True",
        ],
        Columns(ConnectionRows.Of(Lease), "claim"));

    [Fact]
    public void A_link_has_the_columns_that_earlier_versions_wrote() => Assert.Equal(
        [
            "CallerState=state", "Code0=1", "CodeChallenge=challenge", "CodeKey=https://vault.example/secrets/sealing-key/1", "CreatedAt=2027-01-01", "Error=error", "ExpiresAt=2027-01-01", "FlowId=flow",
            "IdempotencyKey=idempotency", "Location0=1", "LocationKey=https://vault.example/secrets/sealing-key/1", "Mode=Popup", "Origin=https://app.example", "RequestHash=request",
            "ReturnUri=https://app.example/done", "Status=Held", "TraceContext=trace",
        ],
        Columns(ConnectionRows.Of(Pairs.Id, Link), "link-key"));

    [Fact]
    public void What_is_written_is_read_again()
    {
        var snapshot = ConnectionRows.Snapshot([ConnectionRows.Of(Connection), ConnectionRows.Of(Lease), ConnectionRows.Of(Pairs.Id, Link), ConnectionRows.OfOverflow(Pairs.Id, [7])])!;

        Assert.Equal(Columns(ConnectionRows.Of(Connection), "connection"), Columns(ConnectionRows.Of(snapshot.Connection), "connection"));
        Assert.Equal(Columns(ConnectionRows.Of(Lease), "claim"), Columns(ConnectionRows.Of(snapshot.Lease!), "claim"));
        Assert.Equal(Columns(ConnectionRows.Of(Pairs.Id, Link), "link-key"), Columns(ConnectionRows.Of(Pairs.Id, Assert.Single(snapshot.Links)), "link-key"));
        Assert.Equal([7], snapshot.Overflow!);
    }

    [Fact]
    public void A_due_entry_and_an_audit_record_have_the_keys_and_columns_of_earlier_versions()
    {
        var due = DueRow.Of(new DueEntry(Pairs.Id, At, At));
        Assert.Equal(("202701010000-" + Pairs.Id[^1], $"{At.UtcTicks}-{Pairs.Id}", At), (due.PartitionKey, due.RowKey[1..], due.Deadline));

        var record = AuditRow.Of(new AuditRecord(At, "who", Pairs.Id, "what", 1, "outcome", "trace"));
        Assert.StartsWith("20270101-", record.PartitionKey, StringComparison.Ordinal);
        Assert.Equal(["At", "ConnectionId", "Generation", "Outcome", "TraceId", "What", "Who"], RowValues.Of(record).Select(column => column.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Tables_and_secrets_are_called_what_earlier_versions_called_them()
    {
        var scenario = new Scenario();
        var id = scenario.Connect();

        Assert.All(["connections", "agenda", "users"], table => Assert.NotEmpty(scenario.Rows(table)));
        Assert.Equal(("sealing-key", "lookup-key", $"connection-{id}-0"), (DataKeys.SecretName, LookupKey.SecretName, TokenVault.NameOf(id, 1)));
        Assert.Contains($"/secrets/connection-{id}-0/", scenario.Connection(id).SecretId!.AbsoluteUri, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Columns(Azure.Data.Tables.TableEntity row, string rowKey)
    {
        Assert.Equal((Pairs.Id, rowKey), (row.PartitionKey, row.RowKey));
        return row.Where(column => column.Value is not null && column.Key is not ("PartitionKey" or "RowKey" or "odata.etag" or "Timestamp"))
            .Select(column => $"{column.Key}={Text(column.Value)}")
            .Order(StringComparer.Ordinal);
    }

    private static string Text(object value) => value switch
    {
        byte[] bytes => string.Join(',', bytes),
        DateTimeOffset at => at.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        _ => $"{value}",
    };
}
