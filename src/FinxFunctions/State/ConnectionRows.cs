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

    /// <summary>A binary column holds at most 64 KiB. Longer values take several columns.</summary>
    private const int ChunkSize = 60 * 1024;

    public static ConnectionSnapshot? Snapshot(IReadOnlyList<TableEntity> rows) =>
        rows.FirstOrDefault(row => row.RowKey == ConnectionKey) is { } connection
            ? new ConnectionSnapshot(
                Connection(connection),
                rows.FirstOrDefault(row => row.RowKey == LeaseKey) is { } lease ? Lease(lease) : null,
                [.. rows.Where(row => row.RowKey.StartsWith(LinkPrefix, StringComparison.Ordinal)).Select(Link)],
                rows.FirstOrDefault(row => row.RowKey == OverflowKey) is { } overflow ? BytesOf(overflow, "Pair") : null)
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
        SetEncrypted(row, "UserId", connection.UserId);
        SetEncrypted(row, "AccessToken", connection.AccessToken);
        return row;
    }

    public static Connection Connection(TableEntity row) => new()
    {
        Id = row.PartitionKey,
        CallerId = row.GetString("Owner"),
        UserKey = row.GetString("UserKey"),
        UserId = EncryptedOf(row, "UserId"),
        Status = Enum.Parse<ConnectionStatus>(row.GetString("Status")),
        Generation = row.GetInt32("Generation").GetValueOrDefault(),
        CreatedAt = row.GetDateTimeOffset("CreatedAt").GetValueOrDefault(),
        RefreshedAt = row.GetDateTimeOffset("RefreshedAt"),
        AccessExpiresAt = row.GetDateTimeOffset("AccessExpiresAt"),
        RefreshExpiresAt = row.GetDateTimeOffset("RefreshExpiresAt"),
        NextRotationAt = row.GetDateTimeOffset("NextRotationAt"),
        ConsentExpiresAt = row.GetDateTimeOffset("ConsentExpiresAt"),
        Scope = row.GetString("Scope"),
        Reason = row.GetString("Reason"),
        Vault = new Uri(row.GetString("Vault")),
        SecretId = UriOf(row, "SecretId"),
        HasOverflow = row.GetBoolean("HasOverflow").GetValueOrDefault(),
        RetiredSecret = row.GetString("RetiredSecret"),
        CommittedBy = row.GetString("CommittedBy"),
        PresentedAt = row.GetDateTimeOffset("PresentedAt"),
        FormerPresentationUnanswered = row.GetBoolean("IsDoubtful").GetValueOrDefault(),
        TraceContext = row.GetString("TraceContext"),
        DueAt = row.GetDateTimeOffset("VisitAt"),
        Failures = row.GetInt32("Failures").GetValueOrDefault(),
        RetryAt = row.GetDateTimeOffset("RetryAt"),
        RetryCause = row.GetString("RetryCause") is { } cause ? Enum.Parse<TryLaterCause>(cause) : null,
        Refusals = row.GetInt32("Refusals").GetValueOrDefault(),
        RefusedAt = row.GetDateTimeOffset("RefusedAt"),
        ForcedAt = row.GetDateTimeOffset("ForcedAt"),
        HasUnreadable = row.GetBoolean("HasUnreadable").GetValueOrDefault(),
        AccessToken = EncryptedOf(row, "AccessToken"),
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
        SetEncrypted(row, "Code", lease.Code);
        SetEncrypted(row, "Answer", lease.Answer);
        SetEncrypted(row, "Unreadable", lease.Unreadable);
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
        SetEncrypted(row, "Code", link.Code);
        SetEncrypted(row, "Location", link.Location);
        return row;
    }

    public static TableEntity OfOverflow(string connectionId, byte[] bytes)
    {
        var row = new TableEntity(connectionId, OverflowKey);
        SetBytes(row, "Pair", bytes);
        return row;
    }

    public static TableEntity OfUnreadable(string connectionId, EncryptedValue? answer)
    {
        var row = new TableEntity(connectionId, UnreadableKey);
        SetEncrypted(row, "Answer", answer);
        return row;
    }

    private static Lease Lease(TableEntity row) => new()
    {
        ConnectionId = row.PartitionKey,
        Kind = Enum.Parse<LeaseKind>(row.GetString("Kind")),
        FromGeneration = row.GetInt32("FromGeneration").GetValueOrDefault(),
        AttemptId = row.GetString("AttemptId"),
        Holder = row.GetString("Owner"),
        Actor = row.GetString("Actor"),
        ExpiresAt = row.GetDateTimeOffset("LeaseUntil").GetValueOrDefault(),
        StartedAt = row.GetDateTimeOffset("StartedAt").GetValueOrDefault(),
        TokenHash = row.GetString("TokenHash"),
        PresentedAt = row.GetDateTimeOffset("PresentedAt").GetValueOrDefault(),
        Replays = row.GetInt32("Replays").GetValueOrDefault(),
        Unanswered = row.GetBoolean("Unanswered").GetValueOrDefault(),
        Ambiguous = row.GetBoolean("Ambiguous").GetValueOrDefault(),
        Failures = row.GetInt32("Failures").GetValueOrDefault(),
        LinkKey = row.GetString("LinkKey"),
        Code = EncryptedOf(row, "Code"),
        Answer = EncryptedOf(row, "Answer"),
        AnsweredAt = row.GetDateTimeOffset("AnsweredAt"),
        Unreadable = EncryptedOf(row, "Unreadable"),
        Refusals = row.GetInt32("Refusals").GetValueOrDefault(),
        RefusedAt = row.GetDateTimeOffset("RefusedAt"),
        TraceContext = row.GetString("TraceContext"),
        ETag = row.ETag,
    };

    private static Link Link(TableEntity row) => new(
        row.RowKey[LinkPrefix.Length..],
        row.GetString("FlowId"),
        new Uri(row.GetString("ReturnUri")),
        row.GetString("CallerState"),
        row.GetDateTimeOffset("CreatedAt").GetValueOrDefault(),
        row.GetDateTimeOffset("ExpiresAt").GetValueOrDefault())
    {
        Status = Enum.Parse<LinkStatus>(row.GetString("Status")),
        Error = row.GetString("Error"),
        Mode = Enum.Parse<LinkMode>(row.GetString("Mode")),
        Origin = row.GetString("Origin"),
        CodeChallenge = row.GetString("CodeChallenge"),
        Code = EncryptedOf(row, "Code"),
        IdempotencyKey = row.GetString("IdempotencyKey"),
        RequestHash = row.GetString("RequestHash"),
        TraceContext = row.GetString("TraceContext"),
        Location = EncryptedOf(row, "Location"),
        CodeHash = row.GetString("CodeHash"),
        ETag = row.ETag,
    };

    private static void SetEncrypted(TableEntity row, string name, EncryptedValue? value)
    {
        if (value is not null)
        {
            row[name + "Key"] = value.KeyId.AbsoluteUri;
            SetBytes(row, name, value.Bytes);
        }
    }

    private static EncryptedValue? EncryptedOf(TableEntity row, string name) =>
        UriOf(row, name + "Key") is { } key ? new EncryptedValue(key, BytesOf(row, name)) : null;

    private static void SetBytes(TableEntity row, string name, byte[] bytes)
    {
        foreach (var (index, chunk) in bytes.Chunk(ChunkSize).Index())
        {
            row[name + index] = chunk;
        }
    }

    private static byte[] BytesOf(TableEntity row, string name) =>
        [.. Enumerable.Range(0, row.Count).Select(index => row.GetBinary(name + index)).TakeWhile(chunk => chunk is not null).SelectMany(chunk => chunk!)];

    private static Uri? UriOf(TableEntity row, string name) => row.GetString(name) is { } text ? new Uri(text) : null;
}
