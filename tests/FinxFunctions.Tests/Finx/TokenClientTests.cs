using System.Diagnostics;
using System.Text;
using FinxFunctions.Finx;
using FinxFunctions.Hosting;
using FinxFunctions.Primitives;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FinxFunctions.Tests.Finx;

/// <summary>The token client against a socket: whatever finX does, there is an answer, and what came is not lost.</summary>
public sealed class TokenClientTests
{
    private const string Tokens = """{"access_token":"A","refresh_token":"R","expires_in":3600}""";

    [Fact]
    public async Task A_connection_that_finX_closed_meanwhile_makes_no_ambiguous_presentation()
    {
        await using var finx = new RawFinx(call => call.OnConnection == 1 ? call.WriteAsync(RawFinx.Json(Tokens)) : call.CloseAsync());
        using var services = Services(finx);

        Assert.IsType<TokenAnswer.Granted>(await RedeemAsync(services));
        Assert.IsType<TokenAnswer.Granted>(await RedeemAsync(services));
    }

    [Fact]
    public async Task An_answer_that_comes_after_the_time_out_and_within_the_lease_is_heard()
    {
        await using var finx = new RawFinx(async call =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1.5), call.Stopped);
            await call.WriteAsync(RawFinx.Json(Tokens));
        });
        using var services = Services(finx, ("Finx:TokenTimeout", "00:00:01"));

        var answer = await RedeemAsync(services);

        Assert.IsType<TokenAnswer.Granted>(answer);
        Assert.Equal(1, finx.Requests);
    }

    [Fact]
    public async Task Silence_ends_shortly_before_the_lease()
    {
        await using var finx = new RawFinx(call => call.StallAsync());
        using var services = Services(finx, ("Finx:TokenTimeout", "00:00:01"));
        var waited = Stopwatch.StartNew();

        var answer = await RedeemAsync(services, TimeSpan.FromSeconds(2));

        Assert.IsType<TokenAnswer.Unknown>(answer);
        Assert.True(waited.Elapsed >= TimeSpan.FromSeconds(1.9), $"{waited.Elapsed}");
    }

    [Fact]
    public async Task Silence_after_a_part_of_the_answer_keeps_the_part()
    {
        const string part = """{"access_token":"A","refresh_tok""";
        await using var finx = new RawFinx(async call =>
        {
            await call.WriteAsync($"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{part}");
            await call.StallAsync();
        });
        using var services = Services(finx);

        var answer = await RedeemAsync(services, TimeSpan.FromSeconds(1));

        Assert.Equal(part, Encoding.UTF8.GetString(Assert.IsType<TokenAnswer.Unknown>(answer).Body.Span));
    }

    [Theory]
    [InlineData("", "unknown")]
    [InlineData("HTTP/1.1 2", "unknown")]
    [InlineData("nonsense\r\n\r\n", "unknown")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + Tokens, "tokens")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3a\r\n" + Tokens + "\r\nzz\r\n", "tokens")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n" + Tokens, "unknown")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 58\r\n\r\n" + Tokens, "unknown")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: ;;;\r\nX-\u00fc: \u00fc\r\nContent-Length: 58\r\n\r\n" + Tokens, "unknown")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: ;;;\r\nX-a: \u00fc\r\nRetry-After: x\r\nContent-Length: 58\r\n\r\n" + Tokens, "tokens")]
    [InlineData("HTTP/1.1 503 No\r\nRetry-After: -1\r\nContent-Length: 500\r\n\r\n{", "later")]
    [InlineData("HTTP/1.1 400 Bad\r\nContent-Length: 500\r\n\r\n{\"error\":\"invalid_grant\",", "dead")]
    [InlineData("HTTP/1.1 400 Bad\r\nContent-Length: 500\r\n\r\n{\"error\":\"invalid_gr", "suspect")]
    public async Task Whatever_finX_sends_before_it_closes_is_an_answer(string sent, string meaning)
    {
        await using var finx = new RawFinx(call => call.CloseAsync(sent));
        using var services = Services(finx);

        Assert.Equal(meaning, WordOf(await RedeemAsync(services)));
    }

    [Fact]
    public async Task An_address_at_which_nobody_listens_was_not_asked()
    {
        var finx = new RawFinx(call => call.StallAsync());
        using var services = Services(finx);
        await finx.DisposeAsync();

        Assert.IsType<TokenAnswer.NotProcessed>(await RedeemAsync(services));
    }

    [Fact]
    public async Task An_answer_of_any_length_is_bounded()
    {
        await using var finx = new RawFinx(async call =>
        {
            await call.WriteAsync($"HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n{{\"pad\":\"");
            await call.WriteAsync(new byte[1_999_000]);
            await call.StallAsync();
        });
        using var services = Services(finx);

        var answer = Assert.IsType<TokenAnswer.Unknown>(await RedeemAsync(services));

        Assert.Equal(FinxTokenClient.MaximumAnswer, answer.Body.Length);
    }

    [Fact]
    public async Task Throttling_and_refusals_do_not_open_the_circuit()
    {
        await using var finx = new RawFinx(call => call.WriteAsync((call.Number % 3) switch
        {
            0 => RawFinx.Json("{}", 429),
            1 => RawFinx.Json("""{"error":"invalid_grant"}""", 400),
            _ => RawFinx.Json("{}", 503, "Retry-After: 1\r\n"),
        }));
        using var services = Services(finx);

        for (var number = 0; number < 26; number++)
        {
            await RedeemAsync(services);
        }

        Assert.False(services.GetRequiredService<FinxTokenClient>().IsCircuitOpen);
        Assert.Equal(26, finx.Requests);
    }

    [Fact]
    public async Task A_code_is_exchanged_past_a_circuit_that_refreshes_have_opened()
    {
        await using var finx = new RawFinx(call => call.WriteAsync(call.Number <= 20 ? RawFinx.Json("{}", 500) : RawFinx.Json(Tokens)));
        using var services = Services(finx);
        for (var number = 0; number < 26; number++)
        {
            await RedeemAsync(services);
        }

        var client = services.GetRequiredService<FinxTokenClient>();
        Assert.True(client.IsCircuitOpen);
        Assert.IsType<TokenAnswer.NotProcessed>(await RedeemAsync(services));
        Assert.IsType<TokenAnswer.Granted>(await client.RedeemAsync(new TokenGrant.AuthorizationCode(new Secret("c")), DateTimeOffset.UtcNow.AddSeconds(20)));
        Assert.Equal(21, finx.Requests);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true, false)]
    [InlineData("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", true, false)]
    [InlineData("HTTP/1.1 400 No\r\nContent-Length: 25\r\n\r\n{\"error\":\"invalid_token\"}", true, false)]
    [InlineData("HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n", false, false)]
    [InlineData("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n", false, false)]
    [InlineData("HTTP/1.1 302 No\r\nLocation: https://elsewhere.example/\r\nContent-Length: 0\r\n\r\n", false, false)]
    [InlineData("HTTP/1.1 501 No\r\nContent-Length: 0\r\n\r\n", false, false)]
    [InlineData("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", false, true)]
    [InlineData("HTTP/1.1 429 No\r\nRetry-After: 40\r\nContent-Length: 0\r\n\r\n", false, true)]
    [InlineData("HTTP/1.1 500 No\r\nContent-Length: 9\r\n\r\n{", false, true)]
    [InlineData("", false, true)]
    public async Task A_revocation_says_what_came_of_it(string sent, bool isDone, bool isPassing)
    {
        await using var finx = new RawFinx(call => call.CloseAsync(sent));
        using var services = Services(finx);

        var result = await services.GetRequiredService<FinxClient>().RevokeAsync(new Secret("R"));

        Assert.Equal((isDone, isPassing), (result.IsDone, result.IsPassing));
    }

    [Fact]
    public async Task A_revocation_waits_five_seconds_at_most()
    {
        await using var finx = new RawFinx(call => call.StallAsync());
        using var services = Services(finx);
        var waited = Stopwatch.StartNew();

        var result = await services.GetRequiredService<FinxClient>().RevokeAsync(new Secret("R"));

        Assert.Equal((false, true), (result.IsDone, result.IsPassing));
        Assert.InRange(waited.Elapsed, TimeSpan.FromSeconds(4.9), TimeSpan.FromSeconds(20));
    }

    private static Task<TokenAnswer> RedeemAsync(IServiceProvider services, TimeSpan? left = null) =>
        services.GetRequiredService<FinxTokenClient>().RedeemAsync(new TokenGrant.RefreshToken(new Secret("old")), DateTimeOffset.UtcNow + (left ?? TimeSpan.FromSeconds(20)));

    private static ServiceProvider Services(RawFinx finx, params (string Name, string Value)[] settings)
    {
        Dictionary<string, string?> all = new()
        {
            ["Finx:BaseAddress"] = finx.Address,
            ["Finx:ClientId"] = "client",
            ["Finx:ClientSecret"] = "secret",
            ["Links:CallbackAddress"] = "https://finxfunctions.example/api/callback",
            ["Links:AllowedReturnUris:0"] = "https://app.example/banking",
            ["Tables:Endpoint"] = "https://tables.example",
            ["Vaults:Addresses:0"] = "https://one.vault.azure.net/",
        };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        return new ServiceCollection().AddLogging().AddFinxFunctions(new ConfigurationBuilder().AddInMemoryCollection(all).Build()).BuildServiceProvider();
    }

    private static string WordOf(TokenAnswer answer) => answer switch
    {
        TokenAnswer.Granted => "tokens",
        TokenAnswer.Dead => "dead",
        TokenAnswer.Suspect => "suspect",
        TokenAnswer.ClientRefused => "client",
        TokenAnswer.NotProcessed => "later",
        _ => "unknown",
    };
}
