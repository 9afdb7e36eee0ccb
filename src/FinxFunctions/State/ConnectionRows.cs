using Azure.Data.Tables;
using FinxFunctions.KeyVault;

namespace FinxFunctions.State;

/// <summary>Connections, leases, links and overflows as rows of one partition, whose key is the connection's id.</summary>
/// <remarks>
/// These rows are <see cref="TableEntity"/> and not classes that implement <see cref="ITableEntity"/>: one query reads rows of four kinds, and
/// an encrypted value larger than 64 KiB takes several columns.
/// </remarks>
public static class ConnectionRows
{
    public const string ConnectionKey = "connection";
    private const string LeaseKey = "claim";
    private const string LinkPrefix = "link-";
    private const string OverflowKey = "overflow";
    private const string UnreadableKey = "unreadable";

    /// <summary>The rows of one connection; null where its own is not among them. A link that cannot be read is skipped.</summary>
    /// <exception cref="InvalidDataException">The connection's row or lease cannot be read. To act without the lease would not be safe.</exception>
    public static ConnectionSnapshot? Snapshot(IReadOnlyList<TableEntity> rows, UnreadableRows? unreadable = null) => Find(rows, ConnectionKey) is { } connection
        ? new ConnectionSnapshot(
            Connection(connection),
            Find(rows, LeaseKey) is { } lease ? Lease(lease, new RowReader(lease)) : null,
            [.. rows.Where(row => row.RowKey.StartsWith(LinkPrefix, StringComparison.Ordinal)).Select(row => TryLink(row, unreadable)).OfType<Link>()],
            Find(rows, OverflowKey) is { } overflow ? new RowReader(overflow).Bytes("Pair") : null)
        : null;

    public static TableEntity Of(Connection connection)
    {
        var row = new TableEntity(connection.Id, ConnectionKey)
        {
            ["Owner"] = connection.CallerId,
            ["UserKey"] = connection.UserKey,
            ["Status"] = connection.Status.ToString(),
            ["Generation"] = connection.Generation,
            ["CreatedAt"] = connection.CreatedAt,
            ["RefreshedAt"] = connection.RefreshedAt,
            ["AccessExpiresAt"] = connection.AccessExpiresAt,
            ["RefreshExpiresAt"] = connection.RefreshExpiresAt,
            ["NextRotationAt"] = connection.NextRotationAt,
            ["ConsentExpiresAt"] = connection.ConsentExpiresAt,
            ["Scope"] = connection.Scope,
            ["Reason"] = connection.Reason,
            ["Vault"] = connection.Vault.AbsoluteUri,
            ["SecretId"] = connection.SecretId?.AbsoluteUri,
            ["HasOverflow"] = connection.HasOverflow,
            ["RetiredSecret"] = connection.RetiredSecret,
            ["CommittedBy"] = connection.CommittedBy,
            ["PresentedAt"] = connection.PresentedAt,
            ["IsDoubtful"] = connection.FormerPresentationUnanswered,
            ["TraceContext"] = connection.TraceContext,
            ["VisitAt"] = connection.DueAt,
            ["Failures"] = connection.Failures,
            ["RetryAt"] = connection.RetryAt,
            ["RetryCause"] = connection.RetryCause?.ToString(),
            ["Refusals"] = connection.Refusals,
            ["RefusedAt"] = connection.RefusedAt,
            ["ForcedAt"] = connection.ForcedAt,
            ["HasUnreadable"] = connection.HasUnreadable,
        };
        RowWriter.SetEncrypted(row, "UserId", connection.UserId);
        RowWriter.SetEncrypted(row, "AccessToken", connection.AccessToken);
        return row;
    }

    /// <exception cref="InvalidDataException">Its status or its vault cannot be read.</exception>
    public static Connection Connection(TableEntity row) => Connection(row, new RowReader(row));

    private static Connection Connection(TableEntity row, RowReader fields) => new()
    {
        Id = row.PartitionKey,
        CallerId = fields.Text("Owner") ?? "",
        UserKey = fields.Text("UserKey") ?? "",
        UserId = fields.Encrypted("UserId"),
        Status = fields.Needed("Status", fields.Named<ConnectionStatus>("Status")),
        Generation = fields.Number("Generation"),
        CreatedAt = fields.Time("CreatedAt").GetValueOrDefault(),
        RefreshedAt = fields.Time("RefreshedAt"),
        AccessExpiresAt = fields.Time("AccessExpiresAt"),
        RefreshExpiresAt = fields.Time("RefreshExpiresAt"),
        NextRotationAt = fields.Time("NextRotationAt"),
        ConsentExpiresAt = fields.Time("ConsentExpiresAt"),
        Scope = fields.Text("Scope"),
        Reason = fields.Text("Reason"),
        Vault = fields.Needed("Vault", fields.Address("Vault")),
        SecretId = fields.Address("SecretId"),
        HasOverflow = fields.Flag("HasOverflow"),
        RetiredSecret = fields.Text("RetiredSecret"),
        CommittedBy = fields.Text("CommittedBy"),
        PresentedAt = fields.Time("PresentedAt"),
        FormerPresentationUnanswered = fields.Flag("IsDoubtful"),
        TraceContext = fields.Text("TraceContext"),
        DueAt = fields.Time("VisitAt"),
        Failures = fields.Number("Failures"),
        RetryAt = fields.Time("RetryAt"),
        RetryCause = fields.Named<TryLaterCause>("RetryCause"),
        Refusals = fields.Number("Refusals"),
        RefusedAt = fields.Time("RefusedAt"),
        ForcedAt = fields.Time("ForcedAt"),
        HasUnreadable = fields.Flag("HasUnreadable"),
        AccessToken = fields.Encrypted("AccessToken"),
        ETag = row.ETag,
    };

    public static TableEntity Of(Lease lease)
    {
        var row = new TableEntity(lease.ConnectionId, LeaseKey)
        {
            ["Kind"] = lease.Kind.ToString(),
            ["FromGeneration"] = lease.FromGeneration,
            ["AttemptId"] = lease.AttemptId,
            ["Owner"] = lease.Holder,
            ["Actor"] = lease.Actor,
            ["LeaseUntil"] = lease.ExpiresAt,
            ["StartedAt"] = lease.StartedAt,
            ["TokenHash"] = lease.TokenHash,
            ["PresentedAt"] = lease.PresentedAt,
            ["Replays"] = lease.Replays,
            ["Unanswered"] = lease.Unanswered,
            ["Ambiguous"] = lease.Ambiguous,
            ["Failures"] = lease.Failures,
            ["LinkKey"] = lease.LinkKey,
            ["AnsweredAt"] = lease.AnsweredAt,
            ["TraceContext"] = lease.TraceContext,
            ["Refusals"] = lease.Refusals,
            ["RefusedAt"] = lease.RefusedAt,
        };
        RowWriter.SetEncrypted(row, "Code", lease.Code);
        RowWriter.SetEncrypted(row, "Answer", lease.Answer);
        RowWriter.SetEncrypted(row, "Unreadable", lease.Unreadable);
        return row;
    }

    public static TableEntity Of(string connectionId, Link link)
    {
        var row = new TableEntity(connectionId, LinkPrefix + link.Key)
        {
            ["FlowId"] = link.FlowId,
            ["ReturnUri"] = link.ReturnUri.AbsoluteUri,
            ["CallerState"] = link.CallerState,
            ["CreatedAt"] = link.CreatedAt,
            ["ExpiresAt"] = link.ExpiresAt,
            ["Status"] = link.Status.ToString(),
            ["Error"] = link.Error,
            ["Mode"] = link.Mode.ToString(),
            ["Origin"] = link.Origin,
            ["CodeChallenge"] = link.CodeChallenge,
            ["IdempotencyKey"] = link.IdempotencyKey,
            ["RequestHash"] = link.RequestHash,
            ["TraceContext"] = link.TraceContext,
            ["CodeHash"] = link.CodeHash,
        };
        RowWriter.SetEncrypted(row, "Code", link.Code);
        RowWriter.SetEncrypted(row, "Location", link.Location);
        return row;
    }

    public static TableEntity OfOverflow(string connectionId, byte[] bytes)
    {
        var row = new TableEntity(connectionId, OverflowKey);
        RowWriter.SetBytes(row, "Pair", bytes);
        return row;
    }

    public static TableEntity OfUnreadable(string connectionId, EncryptedValue? answer)
    {
        var row = new TableEntity(connectionId, UnreadableKey);
        RowWriter.SetEncrypted(row, "Answer", answer);
        return row;
    }

    private static Lease Lease(TableEntity row, RowReader fields) => new()
    {
        ConnectionId = row.PartitionKey,
        Kind = fields.Needed("Kind", fields.Named<LeaseKind>("Kind")),
        FromGeneration = fields.Number("FromGeneration"),
        AttemptId = fields.Text("AttemptId") ?? "",
        Holder = fields.Text("Owner") ?? "",
        Actor = fields.Text("Actor") ?? Primitives.Actor.System,
        ExpiresAt = fields.Time("LeaseUntil").GetValueOrDefault(),
        StartedAt = fields.Time("StartedAt").GetValueOrDefault(),
        TokenHash = fields.Text("TokenHash"),
        PresentedAt = fields.Time("PresentedAt").GetValueOrDefault(),
        Replays = fields.Number("Replays"),
        Unanswered = fields.Flag("Unanswered"),
        Ambiguous = fields.Flag("Ambiguous"),
        Failures = fields.Number("Failures"),
        LinkKey = fields.Text("LinkKey"),
        Code = fields.Encrypted("Code"),
        Answer = fields.Encrypted("Answer"),
        AnsweredAt = fields.Time("AnsweredAt"),
        Unreadable = fields.Encrypted("Unreadable"),
        Refusals = fields.Number("Refusals"),
        RefusedAt = fields.Time("RefusedAt"),
        TraceContext = fields.Text("TraceContext"),
        ETag = row.ETag,
    };

    private static Link Link(TableEntity row, RowReader fields) => new(
        row.RowKey[LinkPrefix.Length..],
        fields.Text("FlowId") ?? "",
        fields.Needed("ReturnUri", fields.Address("ReturnUri")),
        fields.Text("CallerState"),
        fields.Time("CreatedAt").GetValueOrDefault(),
        fields.Time("ExpiresAt").GetValueOrDefault())
    {
        Status = fields.Needed("Status", fields.Named<LinkStatus>("Status")),
        Error = fields.Text("Error"),
        Mode = fields.Needed("Mode", fields.Named<LinkMode>("Mode")),
        Origin = fields.Text("Origin"),
        CodeChallenge = fields.Text("CodeChallenge"),
        Code = fields.Encrypted("Code"),
        IdempotencyKey = fields.Text("IdempotencyKey"),
        RequestHash = fields.Text("RequestHash"),
        TraceContext = fields.Text("TraceContext"),
        Location = fields.Encrypted("Location"),
        CodeHash = fields.Text("CodeHash"),
        ETag = row.ETag,
    };

    private static TableEntity? Find(IReadOnlyList<TableEntity> rows, string key) => rows.FirstOrDefault(row => row.RowKey == key);

    private static Link? TryLink(TableEntity row, UnreadableRows? unreadable)
    {
        try
        {
            return Link(row, new RowReader(row));
        }
        catch (InvalidDataException exception)
        {
            unreadable?.Skip(row.PartitionKey, row.RowKey, exception);
            return null;
        }
    }
}
