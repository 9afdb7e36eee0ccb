using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Azure;
using Azure.Data.Tables;
using Azure.Security.KeyVault.Secrets;
using FinxFunctions.KeyVault;
using FinxFunctions.State;
using FinxSandbox.Calls;
using FinxSandbox.Finx.Tokens;

namespace FinxFunctions.Tests.Faults.Proof;

/// <summary>What can be known from outside of what happened since <see cref="World.Begin"/>: finX's journal, the calls that passed the proxy, the rows, the vault.</summary>
internal sealed partial class Observations
{
    private readonly World _world;

    private Observations(World world) => _world = world;

    /// <summary>Rows of the connections that were touched, as the app reads them.</summary>
    public required IReadOnlyList<ConnectionSnapshot> Connections { get; init; }

    public required IReadOnlyList<TableEntity> Schedule { get; init; }

    /// <summary>The pair that each connection's row names, as the vault has it.</summary>
    public required IReadOnlyDictionary<string, TokenPair> Pairs { get; init; }

    public IReadOnlyList<ProxiedCall> Calls { get; private init; } = [];

    /// <summary>Every presentation of a code or refresh token that reached finX, in order of arrival.</summary>
    public IReadOnlyList<JournalEntry> Presentations { get; private init; } = [];

    /// <summary>What finX holds of each connection.</summary>
    public IReadOnlyList<ConnectionState> Families { get; private init; } = [];

    public IEnumerable<string> Logs => _world.Logs;

    public Timing Timing => _world.Timing;

    /// <summary>Every leave to present a token that was written down, in order.</summary>
    public IReadOnlyList<Grant> Grants() =>
    [
        .. (from call in Calls
            where call is { Service: "tables", HasSucceeded: true } && call.Body.Contains("\"TokenHash\"", StringComparison.Ordinal)
            orderby call.ActedAt
            from line in call.Body.Split('\n')
            where line.StartsWith('{')
            let row = JsonNode.Parse(line)!
            where (string?)row["TokenHash"] is not null && (bool)row["Unanswered"]! && row["AnswerKey"] is null
            select new Grant((string)row["TokenHash"]!, (string)row["AttemptId"]!, (DateTimeOffset)row["PresentedAt"]!, call.ActedAt!.Value))
        .DistinctBy(grant => (grant.TokenHash, grant.AttemptId, grant.PresentedAt)),
    ];

    /// <summary>When an answer to a token was first written down, by its hash.</summary>
    public long? PersistedAt(string tokenHash) => Calls.FirstOrDefault(call => call.IsPersist && call.HasSucceeded && call.Body.Contains(tokenHash, StringComparison.OrdinalIgnoreCase))?.ActedAt;

    public static async Task<Observations> GatherAsync(World world)
    {
        var calls = world.Proxy.History;
        var rows = (await world.RowsAsync("connections")).Where(row => calls.Any(call => call.Body.Contains(row.PartitionKey, StringComparison.Ordinal)));
        List<ConnectionSnapshot> connections = [.. rows.GroupBy(row => row.PartitionKey).Select(group => ConnectionRows.Snapshot([.. group])).OfType<ConnectionSnapshot>()];
        return new Observations(world)
        {
            Connections = connections,
            Schedule = await world.RowsAsync("agenda"),
            Pairs = await PairsAsync(world, connections),
            Calls = calls,
            Presentations = [.. world.Sandbox.Journal.Entries.Where(entry => entry.Operation is "token.exchange" or "token.refresh")],
            Families = world.Sandbox.Connections(),
        };
    }

    /// <summary>
    /// Hashes of the refresh tokens that finX issued in answers that were never persisted: they reached no process, or one that died
    /// before its next step. No protocol can save these; only finX can, by honouring the old token once more.
    /// </summary>
    public IReadOnlySet<string> LostOnTheWay() => Presentations.Where(presentation => presentation.IssuedRefreshToken is not null && !WasPersisted(presentation)).Select(presentation => presentation.IssuedRefreshToken!).ToHashSet();

    /// <summary>The pairs that reached the vault, in order.</summary>
    public IEnumerable<(string ConnectionId, int Generation, string RefreshToken)> Vaulted() =>
        from call in Calls
        where call is { Service: "vault", Method: "PUT", HasSucceeded: true } && call.Target.Contains("/secrets/connection-", StringComparison.Ordinal)
        let pair = JsonNode.Parse(JsonNode.Parse(call.Body)!["value"]!.GetValue<string>())!
        select (pair["connection_id"]!.GetValue<string>(), pair["generation"]!.GetValue<int>(), TokenHash.Of(pair["refresh_token"]!.GetValue<string>()));

    /// <summary>The generations that a connection's row went through, by the batches that were accepted.</summary>
    public IEnumerable<int> GenerationsOf(string id) =>
        from call in Calls
        where call is { Service: "tables", HasSucceeded: true, ActedAt: not null } && call.Target.EndsWith("$batch", StringComparison.Ordinal) && call.Body.Contains(id, StringComparison.Ordinal)
        orderby call.ActedAt
        from Match row in Generation().Matches(call.Body)
        select int.Parse(row.Groups[1].Value, CultureInfo.InvariantCulture);

    /// <summary>Everything that must be nowhere in clear: tokens, codes, states, the widget's addresses, the client secret.</summary>
    public HashSet<string> Secrets() =>
    [
        _world.Sandbox.Options.ClientSecret,
        .. from call in Calls
           where call.Service == "finx"
           from text in new[] { call.Body, call.Answer }
           from Match secret in SecretField().Matches(text)
           select secret.Groups[1].Value,
    ];

    /// <summary>All that left the hosts for places where no secret may be in clear: rows, names, tags, logs.</summary>
    public IEnumerable<(string Place, string Text)> Public() =>
    [
        .. Logs.Select(log => ("a log", log)),
        .. Calls.Where(call => call.Service != "finx").Select(call => (call.Name, Uri.UnescapeDataString(call.Target))),
        .. Calls.Where(call => call.Service == "tables").Select(call => (call.Name, Unpacked(call.Body))),
        .. Calls.Where(call => call is { Service: "vault", Method: "PUT", Body.Length: > 0 }).Select(call => (call.Name, $"{JsonNode.Parse(call.Body)!["tags"]}{JsonNode.Parse(call.Body)!["contentType"]}")),
    ];

    /// <summary>Whether finX's answer reached a process in good time, which neither died nor stood still afterwards: it had every chance to write it down.</summary>
    public bool WasReceived(JournalEntry issued) =>
        CallOf(issued) is { IsDelivered: true, Process: { } process } call
        && Stopwatch.GetElapsedTime(call.ArrivedAt, call.EndedAt ?? long.MaxValue) < Timing.TokenTimeout / 2
        && _world.Hosts.FirstOrDefault(host => host.Id == process) is { } host && host.InterruptedAt < call.ArrivedAt;

    /// <summary>Whether the answer is not needed any more: the connection was deleted, or its user has consented anew since.</summary>
    public bool WasAbandoned(JournalEntry issued)
    {
        var connection = Connections.FirstOrDefault(snapshot => snapshot.Links.Any(link => link.FlowId == issued.FlowId))?.Connection.Id;
        var renewals = Vaulted().Where(pair => pair.ConnectionId == connection).Select(pair => pair.RefreshToken).ToHashSet();
        return Families.Any(family => family.FlowId == issued.FlowId && family.Revoked)
            || Presentations.Any(other => other.Operation == "token.exchange" && other.Sequence > issued.Sequence && other.IssuedRefreshToken is { } token && renewals.Contains(token));
    }

    /// <summary>Whether finX answered the same token with yet another pair later, which made this one worthless.</summary>
    public bool WasSuperseded(JournalEntry issued) =>
        Presentations.Any(later => later.Sequence > issued.Sequence && later.Presented == issued.Presented && later.IssuedRefreshToken is not null);

    /// <summary>
    /// Whether a presentation of the same token, given up for lost, reached finX after the replay that brought this one, and so made it
    /// worthless: finX honours a used token for a while, and the network delivers late. No protocol can detect this.
    /// </summary>
    public bool WasOvertaken(string refreshToken)
    {
        var lost = LostOnTheWay();
        return Presentations.FirstOrDefault(entry => entry.IssuedRefreshToken == refreshToken) is { } used
            && Presentations.Any(later => later.Sequence > used.Sequence && later.Presented == used.Presented && later.IssuedRefreshToken is { } issued && lost.Contains(issued));
    }

    /// <summary>
    /// Whether the answer was written down, by the process that got it and before it got another one to the same token. The lease's row says,
    /// by a hash, what it is the answer to.
    /// </summary>
    private bool WasPersisted(JournalEntry issued)
    {
        var call = CallOf(issued);
        var again = Presentations
            .Where(later => later.Sequence > issued.Sequence && later.Presented == issued.Presented && later.IssuedRefreshToken is not null)
            .Select(CallOf)
            .FirstOrDefault(later => later.Process == call.Process);
        return Calls.Any(persist =>
            persist.IsPersist && persist.HasSucceeded && persist.Process == call.Process && persist.ArrivedAt > call.ActedAt && persist.ArrivedAt < (again?.ActedAt ?? long.MaxValue)
            && persist.Body.Contains(issued.Presented!, StringComparison.OrdinalIgnoreCase));
    }

    private ProxiedCall CallOf(JournalEntry issued) =>
        Calls.Single(call => call.IsTokenCall && call.HasSucceeded && HashOf(call.Answer, "refresh_token") == issued.IssuedRefreshToken);

    private static string? HashOf(string json, string field) =>
        JsonNode.Parse(json) is JsonObject body && body[field] is JsonValue value ? TokenHash.Of(value.GetValue<string>()) : null;

    /// <summary>A body with what its binary properties hold.</summary>
    private static string Unpacked(string body)
    {
        var text = new StringBuilder(body);
        foreach (Match binary in Base64().Matches(body))
        {
            var bytes = new byte[binary.Length];
            if (Convert.TryFromBase64String(binary.Groups[1].Value, bytes, out var length))
                text.Append(Encoding.Latin1.GetString(bytes.AsSpan(0, length)));
        }

        return text.ToString();
    }

    private static async Task<Dictionary<string, TokenPair>> PairsAsync(World world, IEnumerable<ConnectionSnapshot> connections)
    {
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
        var vault = new SecretClient(world.Sandbox.VaultAddresses[0], world.Sandbox.Credential, new SecretClientOptions
        {
            DisableChallengeResourceVerification = true,
            Transport = new Azure.Core.Pipeline.HttpClientTransport(handler),
        });
        Dictionary<string, TokenPair> pairs = [];
        foreach (var connection in connections.Select(snapshot => snapshot.Connection).Where(connection => connection.SecretId is not null))
        {
            var id = new KeyVaultSecretIdentifier(connection.SecretId!);
            try
            {
                KeyVaultSecret secret = await vault.GetSecretAsync(id.Name, id.Version);
                pairs[connection.Id] = JsonSerializer.Deserialize(secret.Value, TokenPairJson.Default.TokenPair)!;
            }
            catch (RequestFailedException exception) when (exception.Status == 404)
            {
                // In the middle of a deletion.
            }
        }

        return pairs;
    }

    [GeneratedRegex("\"Generation\":(\\d+)")]
    private static partial Regex Generation();

    [GeneratedRegex("\"(?:access_token|refresh_token|code|state|location|token)\"\\s*:\\s*\"([^\"]{16,})\"")]
    private static partial Regex SecretField();

    [GeneratedRegex("\"([A-Za-z0-9+/]{40,}={0,2})\"")]
    private static partial Regex Base64();
}
