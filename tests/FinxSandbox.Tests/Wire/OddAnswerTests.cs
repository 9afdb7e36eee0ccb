using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using FinxSandbox.Faults;

namespace FinxSandbox.Tests.Wire;

public sealed class OddAnswerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. FaultRules.OddAnswers];

    [Theory]
    [InlineData("invalid_grant_200", 200, "{\"error\":\"invalid_grant\"}")]
    [InlineData("invalid_grant_400", 400, "{\"error\":\"invalid_grant\"}")]
    [InlineData("invalid_grant_401", 401, "{\"error\":\"invalid_grant\"}")]
    [InlineData("invalid_grant_404", 404, "{\"error\":\"invalid_grant\"}")]
    [InlineData("invalid_grant_410", 410, "{\"error\":\"invalid_grant\"}")]
    [InlineData("invalid_grant_422", 422, "{\"error\":\"invalid_grant\"}")]
    [InlineData("invalid_grant_500", 500, "{\"error\":\"invalid_grant\"}")]
    [InlineData("invalid_grant_in_finx_form", 400, "\"invalid_grant\"}}")]
    [InlineData("bad_refresh_token_200", 200, "bad_refresh_token")]
    [InlineData("refresh_token_expired", 400, "The refresh token has expired")]
    [InlineData("framework_400", 400, "Bad Request")]
    [InlineData("framework_401", 401, "\"error\":\"Unauthorized\"")]
    [InlineData("framework_403", 403, "\"error\":\"Forbidden\"")]
    [InlineData("gateway_403", 403, "\"code\":403")]
    [InlineData("html_403", 403, "<html>")]
    [InlineData("finx_1003", 401, "\"code\":1003,")]
    [InlineData("finx_1003_basic", 401, "\"code\":1003,")]
    [InlineData("finx_1004_text", 401, "\"code\":\"1004\"")]
    [InlineData("finx_1007", 403, "\"code\":1007,")]
    [InlineData("finx_1010", 403, "\"code\":1010,")]
    [InlineData("finx_10002", 400, "\"code\":10002,")]
    [InlineData("invalid_client_capitals", 401, "INVALID_CLIENT")]
    [InlineData("error_empty", 400, "{\"error\":{}}")]
    [InlineData("error_half_surrogate", 400, "\"\\ud800\"")]
    [InlineData("rate_limit_403", 403, "rate_limit_exceeded")]
    [InlineData("busy_400_text", 400, "\"1008\"")]
    [InlineData("throttled_seconds", 429, "1008")]
    [InlineData("throttled_date", 429, "1008")]
    [InlineData("unavailable_seconds", 503, "")]
    [InlineData("unavailable_date", 503, "")]
    [InlineData("unavailable_past_date", 503, "")]
    [InlineData("retry_after_absurd", 503, "")]
    [InlineData("retry_after_negative", 503, "")]
    [InlineData("retry_after_words", 503, "")]
    [InlineData("maintenance_400", 400, "maintenance")]
    [InlineData("maintenance_page", 200, "Back soon")]
    [InlineData("maintenance_503", 503, "Back soon")]
    [InlineData("redirect_302", 302, "")]
    [InlineData("bad_gateway_502", 502, "Bad Gateway")]
    [InlineData("not_implemented_501", 501, "Not Implemented")]
    [InlineData("consent_over_401", 401, "10005")]
    [InlineData("login_wrong_422", 422, "10000")]
    [InlineData("access_blocked_400", 400, "Zugang gesperrt")]
    [InlineData("daily_limit_400", 400, "1020")]
    [InlineData("bank_down_403", 403, "20001")]
    [InlineData("bank_unreachable_400", 400, "40001")]
    [InlineData("account_unknown_404", 404, "1002")]
    [InlineData("deploy_page_404", 404, "<html>")]
    [InlineData("vault_throttled", 429, "VaultRequestTypeLimitReached")]
    [InlineData("vault_forbidden", 403, "ForbiddenByRbac")]
    [InlineData("vault_firewall", 403, "ForbiddenByFirewall")]
    [InlineData("vault_unavailable", 503, "InternalServerError")]
    public async Task A_refusal_is_given_and_the_call_acts_only_if_the_rule_says_so(string name, int status, string part)
    {
        await using var world = await World.StartAsync();
        await world.AddAsync($$"""{"kind":"answer","odd":"{{name}}","operation":"token.refresh"}""");
        await world.AddAsync($$"""{"kind":"answer","odd":"{{name}}","operation":"token.refresh","acts":true}""");

        var first = await world.CallAsync("token.refresh");
        var isAlive = world.IsAlive(world.Refresh);
        var second = await world.CallAsync("token.refresh");

        Assert.All([first, second], answer =>
        {
            Assert.Equal((status, RawEnd.Complete), (answer.Status, answer.End));
            Assert.Contains(part, answer.Text, StringComparison.Ordinal);
        });
        Assert.Equal((true, false), (isAlive, world.IsAlive(world.Refresh)));
        Assert.Equal([(name, false), (name, true)], world.Server.Journal.Of("token.refresh").Select(entry => (entry.OddAnswer!, entry.Acted)));
    }

    [Theory]
    [InlineData("framework_401", "WWW-Authenticate", "Basic realm=\"finX\"")]
    [InlineData("finx_1003_basic", "WWW-Authenticate", "Basic realm=\"finX\"")]
    [InlineData("finx_1003", "WWW-Authenticate", null)]
    [InlineData("rate_limit_403", "Retry-After", "30")]
    [InlineData("unavailable_seconds", "Retry-After", "30")]
    [InlineData("retry_after_absurd", "Retry-After", "99999999999")]
    [InlineData("retry_after_negative", "Retry-After", "-30")]
    [InlineData("retry_after_words", "Retry-After", "in a while")]
    [InlineData("vault_throttled", "Retry-After", "60")]
    [InlineData("redirect_302", "Location", "https://elsewhere.example/")]
    public async Task A_refusal_has_its_headers(string name, string header, string? value)
    {
        await using var world = await World.StartAsync();
        await world.AddAsync($$"""{"kind":"answer","odd":"{{name}}","operation":"token.*"}""");

        Assert.Equal(value, (await world.CallAsync("token.exchange")).Header(header));
    }

    [Theory]
    [InlineData("throttled_date")]
    [InlineData("unavailable_date")]
    public async Task A_wait_can_be_a_date_by_finX_s_clock(string name)
    {
        await using var world = await World.StartAsync(new SandboxOptions { ClockSkew = TimeSpan.FromHours(-5) });
        await world.AddAsync($$"""{"kind":"answer","odd":"{{name}}","operation":"token.*"}""");

        var answer = await world.CallAsync("token.exchange");

        Assert.InRange(Date(answer, "Retry-After") - Date(answer, "Date"), TimeSpan.FromSeconds(28), TimeSpan.FromSeconds(32));
    }

    [Theory]
    [InlineData("bom", "\u00EF\u00BB\u00BF{\"access_token\":\"")]
    [InlineData("nul_behind", "}\0")]
    [InlineData("comment_behind", "} // ok")]
    [InlineData("trailing_comma", ",}")]
    [InlineData("deep_member", "[[[[]]]]")]
    [InlineData("duplicate_refresh_token", ",\"refresh_token\":\"\"}")]
    [InlineData("latin1_byte", "\"scope\":\"M\u00FC\"")]
    [InlineData("half_surrogate", "\"scope\":\"\\ud800\"")]
    [InlineData("control_character", "\"scope\":\"a\tb\"")]
    [InlineData("access_token_absent", "{\"token_type\"")]
    [InlineData("access_token_null", "\"access_token\":null")]
    [InlineData("refresh_token_newline", "\\n\"")]
    [InlineData("expires_in_text", "\"expires_in\":\"3600\"")]
    [InlineData("expires_in_zero", "\"expires_in\":0")]
    [InlineData("wrapped_in_data", "{\"data\":{\"access_token\"")]
    [InlineData("umlaut_in_header", "\"refresh_token\"")]
    [InlineData("lying_gzip", "\"refresh_token\"")]
    [InlineData("html_type", "\"refresh_token\"")]
    public async Task A_good_answer_comes_in_an_odd_form_with_the_tokens_in_it(string name, string part)
    {
        await using var world = await World.StartAsync();
        await world.AddAsync($$"""{"kind":"answer","odd":"{{name}}","operation":"token.refresh"}""");

        var answer = await world.CallAsync("token.refresh");

        Assert.Equal((200, RawEnd.Complete), (answer.Status, answer.End));
        Assert.Contains(part, answer.Text, StringComparison.Ordinal);
        Assert.True(world.IsAlive(answer.Text.Split("\"refresh_token\":\"")[1].Split('"')[0].Replace("\\n", "", StringComparison.Ordinal)));
        Assert.False(world.IsAlive(world.Refresh));
    }

    [Fact]
    public async Task Headers_can_lie_and_hold_an_umlaut()
    {
        await using var world = await World.StartAsync();
        await world.AddAsync("""{"kind":"answer","odd":"umlaut_in_header","operation":"data.accounts"}""");
        await world.AddAsync("""{"kind":"answer","odd":"lying_gzip","operation":"data.accounts"}""");
        await world.AddAsync("""{"kind":"answer","odd":"html_type","operation":"data.accounts"}""");

        Assert.Equal("attachment; filename=\"Ums\u00E4tze.json\"", (await world.CallAsync("data.accounts")).Header("Content-Disposition"));
        Assert.Equal("gzip", (await world.CallAsync("data.accounts")).Header("Content-Encoding"));
        Assert.Equal("text/html", (await world.CallAsync("data.accounts")).Header("Content-Type"));
    }

    [Fact]
    public async Task A_cut_gzip_is_as_long_as_it_says_and_ends_too_early()
    {
        await using var world = await World.StartAsync();
        var whole = (await world.CallAsync("data.transactions")).Text;
        await world.AddAsync("""{"kind":"answer","odd":"cut_gzip","operation":"data.transactions"}""");

        var answer = await world.CallAsync("data.transactions");

        Assert.Equal((200, RawEnd.Complete, "gzip"), (answer.Status, answer.End, answer.Header("Content-Encoding")));
        await using var gzip = new GZipStream(new MemoryStream(answer.Body), CompressionMode.Decompress);
        using var read = new StreamReader(gzip);
        var part = await ReadAsFarAsPossibleAsync(read);
        Assert.StartsWith(part, whole, StringComparison.Ordinal);
        Assert.True(part.Length < whole.Length);
    }

    [Theory]
    [InlineData("cut_body", 200)]
    [InlineData("closed_before_body", 200)]
    public async Task A_body_ends_before_its_length(string name, int status)
    {
        await using var world = await World.StartAsync();
        await world.AddAsync($$"""{"kind":"answer","odd":"{{name}}","operation":"token.refresh"}""");

        var answer = await world.CallAsync("token.refresh");

        Assert.Equal((status, RawEnd.Closed), (answer.Status, answer.End));
    }

    [Theory]
    [InlineData("stalled_body", 200)]
    [InlineData("error_body_stalls", 500)]
    public async Task A_body_stalls(string name, int status)
    {
        await using var world = await World.StartAsync();
        await world.AddAsync($$"""{"kind":"answer","odd":"{{name}}","operation":"token.refresh","delay_after":0.05}""");

        var answer = await world.CallAsync("token.refresh");

        Assert.Equal((status, true), (answer.Status, answer.Body.Length > 0));
        Assert.NotEqual(RawEnd.Complete, answer.End);
    }

    [Theory]
    [InlineData("token.refresh")]
    [InlineData("vault.get")]
    public async Task What_was_sent_before_a_stall_arrives_though_the_connection_is_reset_at_once(string operation)
    {
        await using var world = await World.StartAsync();
        for (var calls = 0; calls < 200; calls++)
        {
            await world.AddAsync($$"""{"kind":"answer","odd":"error_body_stalls","operation":"{{operation}}","delay_after":0.0000001}""");

            Assert.NotEmpty((await world.CallAsync(operation)).Body);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_odd_answer_can_be_given_at_every_operation(string name)
    {
        await using var world = await World.StartAsync();
        string[] operations = ["links.create", "token.exchange", "data.accounts", "token.revoke", "vault.get", "vault.set", "vault.delete"];

        foreach (var operation in operations)
        {
            await world.AddAsync($$"""{"kind":"answer","odd":"{{name}}","operation":"{{operation}}","delay_after":0.01}""");
            Assert.NotNull((await world.CallAsync(operation)).Status);
            Assert.Equal(name, world.Entry(operation).OddAnswer);
        }
    }

    [Fact]
    public async Task Any_status_headers_and_bytes_can_be_given()
    {
        await using var world = await World.StartAsync();
        byte[] bytes = [0, 0xFF, 0xC3, 0x28, (byte)'\r', (byte)'\n', 0];
        await world.AddAsync($$"""{"kind":"answer","operation":"links.*","acts":false,"status":599,"body_base64":"{{Convert.ToBase64String(bytes)}}","headers":{"X-Odd":"a, b","Content-Type":"weird/type"} }""");

        var answer = await world.CallAsync("links.create");

        Assert.Equal((599, "a, b", "weird/type"), (answer.Status, answer.Header("X-Odd"), answer.Header("Content-Type")));
        Assert.Equal(bytes, answer.Body);
    }

    [Fact]
    public async Task A_body_can_hold_the_right_tokens_and_members_can_be_set()
    {
        await using var world = await World.StartAsync();
        await world.AddAsync("""{"kind":"answer","operation":"token.exchange","status":201,"body":"token={{refresh_token}};"}""");
        await world.AddAsync("""{"kind":"answer","operation":"token.refresh","set":{"expires_in":"soon","refresh_expires_in":60},"fields":["scope"]}""");

        var exchanged = await world.CallAsync("token.exchange");
        var refreshed = JsonNode.Parse((await world.CallAsync("token.refresh")).Body)!;

        Assert.True(world.IsAlive(exchanged.Text["token=".Length..^1]));
        Assert.Equal(("soon", 60, null), (refreshed["expires_in"]!.GetValue<string>(), refreshed["refresh_expires_in"]!.GetValue<int>(), refreshed["scope"]));
    }

    [Fact]
    public async Task The_control_api_lists_the_odd_answers()
    {
        await using var world = await World.StartAsync();

        var listed = JsonNode.Parse(await world.Client.Http.GetStringAsync("/sandbox/answers", Cancel))!["answers"]!.AsArray();

        Assert.Equal(FaultRules.OddAnswers, listed.Select(odd => odd!["name"]!.GetValue<string>()));
        Assert.True(listed.Single(odd => odd!["name"]!.GetValue<string>() == "bom")!["acts"]!.GetValue<bool>());
    }

    private static DateTimeOffset Date(RawAnswer answer, string header) =>
        DateTimeOffset.ParseExact(answer.Header(header)!, "R", System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<string> ReadAsFarAsPossibleAsync(StreamReader reader)
    {
        var read = new StringBuilder();
        var one = new char[1];
        try
        {
            while (await reader.ReadAsync(one, Cancel) > 0)
                read.Append(one[0]);
        }
        catch (InvalidDataException)
        {
            // A strict reader notices the end.
        }
        return read.ToString();
    }
}
