using Azure.Data.Tables;
using Finx.Links;
using Finx.Tokens;

namespace Finx.Connections;

/// <summary>How connections, claims and links look as rows of one partition, whose key is the connection's id.</summary>
internal static class ConnectionRows
{
    public const string ConnectionKey = "connection";
    private const string ClaimKey = "claim";
    private const string LinkPrefix = "link-";
    private const string OverflowKey = "overflow";

    /// <summary>A binary property holds 64 KiB at most; longer bytes go into several.</summary>
    private const int ChunkSize = 60 * 1024;

    public static ConnectionSnapshot? Snapshot(IReadOnlyList<TableEntity> rows) =>
        rows.FirstOrDefault(row => row.RowKey == ConnectionKey) is { } connection
            ? new ConnectionSnapshot(
                Connection(connection),
                rows.FirstOrDefault(row => row.RowKey == ClaimKey) is { } claim ? Claim(claim) : null,
                [.. rows.Where(row => row.RowKey.StartsWith(LinkPrefix, StringComparison.Ordinal)).Select(Link)],
                rows.FirstOrDefault(row => row.RowKey == OverflowKey) is { } overflow ? BytesOf(overflow, "Pair") : null)
            : null;

    public static TableEntity Of(Connection connection)
    {
        var row = new TableEntity(connection.Id, ConnectionKey)
        {
            ["Owner"] = connection.Owner,
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
            ["IsDoubtful"] = connection.IsDoubtful,
            ["TraceContext"] = connection.TraceContext,
            ["VisitAt"] = connection.VisitAt,
            ["Failures"] = connection.Failures,
            ["RetryAt"] = connection.RetryAt,
            ["RetryCause"] = connection.RetryCause?.ToString(),
        };
        SetSealed(row, "UserId", connection.UserId);
        return row;
    }

    public static Connection Connection(TableEntity row) => new()
    {
        Id = row.PartitionKey,
        Owner = row.GetString("Owner"),
        UserKey = row.GetString("UserKey"),
        UserId = SealedOf(row, "UserId"),
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
        IsDoubtful = row.GetBoolean("IsDoubtful").GetValueOrDefault(),
        TraceContext = row.GetString("TraceContext"),
        VisitAt = row.GetDateTimeOffset("VisitAt"),
        Failures = row.GetInt32("Failures").GetValueOrDefault(),
        RetryAt = row.GetDateTimeOffset("RetryAt"),
        RetryCause = row.GetString("RetryCause") is { } cause ? Enum.Parse<TryLaterCause>(cause) : null,
        ETag = row.ETag,
    };

    public static TableEntity Of(Claim claim)
    {
        var row = new TableEntity(claim.ConnectionId, ClaimKey)
        {
            ["Kind"] = claim.Kind.ToString(),
            ["FromGeneration"] = claim.FromGeneration,
            ["AttemptId"] = claim.AttemptId,
            ["Owner"] = claim.Owner,
            ["Actor"] = claim.Actor,
            ["LeaseUntil"] = claim.LeaseUntil,
            ["StartedAt"] = claim.StartedAt,
            ["TokenHash"] = claim.TokenHash,
            ["PresentedAt"] = claim.PresentedAt,
            ["Replays"] = claim.Replays,
            ["Unanswered"] = claim.Unanswered,
            ["Ambiguous"] = claim.Ambiguous,
            ["Failures"] = claim.Failures,
            ["LinkKey"] = claim.LinkKey,
            ["AnsweredAt"] = claim.AnsweredAt,
            ["TraceContext"] = claim.TraceContext,
        };
        SetSealed(row, "Code", claim.Code);
        SetSealed(row, "Answer", claim.Answer);
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
        };
        SetSealed(row, "Code", link.Code);
        SetSealed(row, "Location", link.Location);
        return row;
    }

    public static TableEntity OfOverflow(string connectionId, byte[] bytes)
    {
        var row = new TableEntity(connectionId, OverflowKey);
        SetBytes(row, "Pair", bytes);
        return row;
    }

    private static Claim Claim(TableEntity row) => new()
    {
        ConnectionId = row.PartitionKey,
        Kind = Enum.Parse<ClaimKind>(row.GetString("Kind")),
        FromGeneration = row.GetInt32("FromGeneration").GetValueOrDefault(),
        AttemptId = row.GetString("AttemptId"),
        Owner = row.GetString("Owner"),
        Actor = row.GetString("Actor"),
        LeaseUntil = row.GetDateTimeOffset("LeaseUntil").GetValueOrDefault(),
        StartedAt = row.GetDateTimeOffset("StartedAt").GetValueOrDefault(),
        TokenHash = row.GetString("TokenHash"),
        PresentedAt = row.GetDateTimeOffset("PresentedAt").GetValueOrDefault(),
        Replays = row.GetInt32("Replays").GetValueOrDefault(),
        Unanswered = row.GetBoolean("Unanswered").GetValueOrDefault(),
        Ambiguous = row.GetBoolean("Ambiguous").GetValueOrDefault(),
        Failures = row.GetInt32("Failures").GetValueOrDefault(),
        LinkKey = row.GetString("LinkKey"),
        Code = SealedOf(row, "Code"),
        Answer = SealedOf(row, "Answer"),
        AnsweredAt = row.GetDateTimeOffset("AnsweredAt"),
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
        Code = SealedOf(row, "Code"),
        IdempotencyKey = row.GetString("IdempotencyKey"),
        RequestHash = row.GetString("RequestHash"),
        TraceContext = row.GetString("TraceContext"),
        Location = SealedOf(row, "Location"),
        ETag = row.ETag,
    };

    private static void SetSealed(TableEntity row, string name, Sealed? value)
    {
        if (value is not null)
        {
            row[name + "Key"] = value.KeyId.AbsoluteUri;
            SetBytes(row, name, value.Bytes);
        }
    }

    private static Sealed? SealedOf(TableEntity row, string name) =>
        UriOf(row, name + "Key") is { } key ? new Sealed(key, BytesOf(row, name)) : null;

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
