using System.Diagnostics.Metrics;
using System.Globalization;
using Azure.Data.Tables;
using FinxFunctions.Auditing;
using FinxFunctions.Diagnostics;
using FinxFunctions.Tests.Authorization;
using FinxFunctions.Tests.Leaks;
using FinxFunctions.Tests.Running;
using FinxSandbox.Faults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;

namespace FinxFunctions.Tests.Auditing;

/// <summary>The audit trail, in a storage account of its own: who read which token and changed which connection.</summary>
public class AuditTests
{
    /// <summary>An address without a server.</summary>
    private const string Nowhere = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YQ==;TableEndpoint=http://127.0.0.1:1/a;";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_life_of_a_connection_is_on_record_and_no_token()
    {
        var account = await TakeAccountAsync();
        await using var app = await App.StartAsync(new() { ["Audit:ConnectionString"] = account });

        var id = await app.ConnectAsync();
        var first = await app.GetTokenAsync(id);
        await app.GetTokenAsync(id);
        var second = await app.GetTokenAsync(id, new() { ["rejected_generation"] = 1 });
        await app.SettleAsync();
        app.Clock.Advance(TimeSpan.FromDays(50));
        await app.TickAsync();
        (await app.VisitAsync(app.Finish(await app.CreateLinkAsync(new() { ["connection_id"] = id })))).Dispose();
        await app.SettleAsync();
        (await app.Http.DeleteAsync($"/api/connections/{id}", Cancel)).Dispose();
        (await app.Http.DeleteAsync($"/api/connections/{id}", Cancel)).Dispose();
        var records = await RecordsAsync(account);

        // A caller is answered before the commit, so the two records of a refresh come in either order.
        Assert.Equal(
            [
                "function-key link - new",
                "function-key connect 1 done",
                "function-key token_read 1 cold",
                "function-key token_read 1 warm",
                "function-key rotation 2 done",
                "function-key token_read 2 refreshed",
                "system rotation 3 done",
                "function-key link - renewal",
                "function-key connect 4 done",
                "function-key deletion 4 begun",
                "function-key deletion 4 done",
            ],
            InOrder(records));
        Assert.All(records, record => Assert.Equal(id, record.GetString("ConnectionId")));
        Assert.All(records.Where(record => record.GetString("Who") != "system"), record => Assert.Matches("^[0-9a-f]{32}$", record.GetString("TraceId")));
        var all = records.InClear();
        Assert.DoesNotContain(first.Text("access_token"), all, StringComparison.Ordinal);
        Assert.DoesNotContain(second.Text("access_token"), all, StringComparison.Ordinal);
        Assert.DoesNotContain("user-1", all, StringComparison.Ordinal);
    }

    private static List<string> InOrder(IReadOnlyList<TableEntity> records)
    {
        List<string> sentences = [.. records.Select(Sentence)];
        var read = sentences.IndexOf("function-key token_read 2 refreshed");
        if (sentences[read + 1] == "function-key rotation 2 done")
        {
            (sentences[read], sentences[read + 1]) = (sentences[read + 1], sentences[read]);
        }

        return sentences;
    }

    [Fact]
    public async Task Records_lie_in_a_table_a_month_by_day_and_in_the_order_of_time()
    {
        var account = await TakeAccountAsync();
        await using var app = await App.StartAsync(new() { ["Audit:ConnectionString"] = account });
        app.Clock.Set(new DateTimeOffset(2031, 1, 31, 23, 59, 0, TimeSpan.Zero));
        await app.CreateLinkAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        await app.CreateLinkAsync();

        var service = new TableServiceClient(account);
        var january = Assert.Single(await service.GetTableClient("audit203101").QueryAsync<TableEntity>(cancellationToken: Cancel).ToListAsync(Cancel));
        var february = Assert.Single(await service.GetTableClient("audit203102").QueryAsync<TableEntity>(cancellationToken: Cancel).ToListAsync(Cancel));

        Assert.Matches("^20310131-[0-9a-f]$", january.PartitionKey);
        Assert.Matches("^20310201-[0-9a-f]$", february.PartitionKey);
        Assert.Equal(january.GetDateTimeOffset("At")!.Value.Ticks.ToString("D19", CultureInfo.InvariantCulture), january.RowKey[..19]);
        Assert.True(string.CompareOrdinal(january.RowKey, february.RowKey) < 0);
    }

    [Fact]
    public async Task What_was_refused_is_on_record_too()
    {
        var account = await TakeAccountAsync();
        await using var app = await App.StartAsync(new() { ["Audit:ConnectionString"] = account });
        var pending = (await app.CreateLinkAsync()).Text("connection_id");

        foreach (var id in new[] { "00000000000000000000000000000000", "nope", pending })
        {
            (await app.AskTokenAsync(id)).Dispose();
        }

        Assert.Equal(
            ["function-key token_read - unknown_connection", "function-key token_read - unknown_connection", "function-key token_read - needs_reconsent"],
            (await RecordsAsync(account)).Skip(1).Select(Sentence));
        Assert.Equal(["00000000000000000000000000000000", "invalid", pending], (await RecordsAsync(account)).Skip(1).Select(record => record.GetString("ConnectionId")));
    }

    [Fact]
    public async Task A_caller_that_may_not_read_tokens_is_on_record_and_an_anonymous_one_is_not()
    {
        var account = await TakeAccountAsync();
        await using var app = await App.StartAsync(new() { ["Audit:ConnectionString"] = account, ["Callers:Mode"] = "Entra" });
        using var forbidden = Principal.Request(HttpMethod.Post, $"/api/connections/{new string('0', 32)}/token", Principal.Of(Principal.First, "Connections.Read"));
        using var strange = Principal.Request(HttpMethod.Post, "/api/connections/nope/token", null);

        (await app.Http.SendAsync(forbidden, Cancel)).Dispose();
        (await app.Http.SendAsync(strange, Cancel)).Dispose();

        Assert.Equal([$"{Principal.First} token_read - forbidden"], (await RecordsAsync(account)).Select(Sentence));
    }

    [Fact]
    public async Task A_connection_that_ends_and_a_code_that_fails_and_one_that_expires_are_on_record()
    {
        var account = await TakeAccountAsync();
        await using var app = await App.StartAsync(new() { ["Audit:ConnectionString"] = account });
        var id = await app.ConnectAsync();

        (await app.AskRefusedTokenAsync(id)).Dispose();
        app.Sandbox.Faults.Add(new() { Kind = FaultKind.Refuse, Operation = "token.exchange", Times = null, Body = """{"error":"invalid_grant"}""" });
        (await app.VisitAsync(app.Finish(await app.CreateLinkAsync()))).Dispose();
        app.Clock.Advance(TimeSpan.FromDays(3));
        await app.TickAsync();

        Assert.Equal(
            [
                "function-key token_read - finx_unavailable",
                "function-key rotation 1 refused",
                "function-key token_read - needs_reconsent",
                "function-key link - new",
                "system connect 0 refused",
                "system deletion 0 expired",
            ],
            (await RecordsAsync(account)).Skip(2).Select(Sentence));
    }

    [Fact]
    public async Task A_token_whose_read_cannot_be_recorded_is_not_given_out()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        var token = await app.GetTokenAsync(id);
        await using var blind = await app.StartTwinAsync(new() { ["Audit:ConnectionString"] = Nowhere });
        using var failures = Failures(blind);

        using var answer = await blind.AskTokenAsync(id);
        using var unknown = await blind.AskTokenAsync("00000000000000000000000000000000");

        var problem = await answer.ProblemAsync(503, "audit_unavailable");
        Assert.DoesNotContain(token.Text("access_token"), problem.ToJsonString(), StringComparison.Ordinal);
        Assert.NotNull(answer.Headers.RetryAfter);
        await unknown.ProblemAsync(503, "audit_unavailable");
        Assert.Equal(["token_read", "token_read"], failures.GetMeasurementSnapshot().Select(measurement => measurement.Tags["what"]));
    }

    [Fact]
    public async Task A_change_is_made_though_it_cannot_be_recorded_and_that_is_logged_and_counted()
    {
        await using var app = await App.StartAsync(new() { ["Audit:ConnectionString"] = Nowhere });
        using var failures = Failures(app);

        var link = await app.CreateLinkAsync();
        using var returned = await app.VisitAsync(app.Finish(link));
        await app.SettleAsync();

        Assert.Equal("connected", returned.Returned()["status"]);
        Assert.Equal(["link", "connect"], failures.GetMeasurementSnapshot().Select(measurement => measurement.Tags["what"]));
        Assert.Equal(2, app.Logs.GetSnapshot().Count(line => line.Level == LogLevel.Error && line.Id == 71 && line.Message.Contains(link.Text("connection_id"), StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Without_an_account_records_go_to_a_log_category_of_their_own_and_a_warm_read_stays_in_the_process()
    {
        await using var app = await App.StartAsync(new() { ["Logging:LogLevel:Default"] = "Information" });
        var id = await app.ConnectAsync();
        await app.GetTokenAsync(id);
        var (calls, lines) = (app.Sandbox.Journal.Entries.Count, app.Logs.Count);

        await app.GetTokenAsync(id);

        var line = Assert.Single(app.Logs.GetSnapshot().Skip(lines), line => line.Category == "FinxFunctions.Audit");
        Assert.Equal(LogLevel.Information, line.Level);
        Assert.Equal(("function-key", "token_read", id, "1", "warm"), (line.GetStructuredStateValue("Who"), line.GetStructuredStateValue("What"), line.GetStructuredStateValue("ConnectionId"), line.GetStructuredStateValue("Generation"), line.GetStructuredStateValue("Outcome")));
        Assert.IsType<AuditLog>(app.Services.GetRequiredService<IAuditDestination>());
        Assert.Equal(calls, app.Sandbox.Journal.Entries.Count);
        Assert.DoesNotContain(await ListTablesAsync(app.World.Tables), table => table.StartsWith("audit", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("https://a.table.core.windows.net", null, true)]
    [InlineData(null, "UseDevelopmentStorage=true", true)]
    [InlineData("https://a.table.core.windows.net", "UseDevelopmentStorage=true", false)]
    [InlineData("http://a.table.core.windows.net", null, false)]
    [InlineData("http://127.0.0.1:10002/a", null, true)]
    [InlineData("a.table.core.windows.net", null, false)]
    public void Settings_that_cannot_be_meant_stop_the_start(string? endpoint, string? connectionString, bool isValid)
    {
        var options = new AuditOptions { Endpoint = endpoint is null ? null : new Uri(endpoint, UriKind.RelativeOrAbsolute), ConnectionString = connectionString };

        var result = new AuditOptionsValidator().Validate(null, options);

        Assert.Equal(isValid, result.Succeeded);
        Assert.True(isValid || result.FailureMessage!.Contains("Audit__Endpoint", StringComparison.Ordinal));
    }

    private static async Task<string> TakeAccountAsync() => (await TestContext.Current.GetFixture<TableStorage>())!.TakeAccount();

    private static MetricCollector<long> Failures(App app) =>
        new(app.Services.GetRequiredService<IMeterFactory>(), FinxMetrics.MeterName, "finx.audit.failures");

    private static async Task<List<string>> ListTablesAsync(string account) =>
        await new TableServiceClient(account).QueryAsync(cancellationToken: Cancel).Select(table => table.Name).ToListAsync(Cancel);

    /// <summary>All records in order of time.</summary>
    private static async Task<IReadOnlyList<TableEntity>> RecordsAsync(string account)
    {
        List<TableEntity> records = [];
        foreach (var table in await ListTablesAsync(account))
        {
            Assert.StartsWith("audit", table, StringComparison.Ordinal);
            records.AddRange(await new TableServiceClient(account).GetTableClient(table).QueryAsync<TableEntity>(cancellationToken: Cancel).ToListAsync(Cancel));
        }

        return [.. records.OrderBy(record => record.RowKey, StringComparer.Ordinal)];
    }

    private static string Sentence(TableEntity record) =>
        $"{record.GetString("Who")} {record.GetString("What")} {record.GetInt32("Generation")?.ToString(CultureInfo.InvariantCulture) ?? "-"} {record.GetString("Outcome")}";
}
