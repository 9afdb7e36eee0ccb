using System.Net;
using System.Text;
using FinxFunctions.Worker.Tests.Hosts;
using FinxFunctions.Worker.Tests.Running;

namespace FinxFunctions.Worker.Tests.Cases;

/// <summary>Bodies that are malformed, mislabelled or too long.</summary>
public sealed class BodyCases(SharedHosts hosts) : HostCases(hosts)
{
    private const string Token = $"POST /api/connections/{Nobody}/token";
    private const string Confirm = $"POST /api/connections/{Nobody}/confirm";

    // The bodies as Latin-1, which carries any byte.
    [Theory]
    [OnEachHost(
        "{", "}", "null", "[]", "\"a\"", "{\"a\":1,}", "{'a':1}", "{\"a\":1}{}", "{\"user_id\":\"a\",\"user_id\":\"b\"}", "{\"\u00ff\":1}", "{\"a\":\"\u00c3(\"}",
        "\u00ff\u00fe{}", "{\"a\":\"\\ud800\"}", "{\"a\":[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]}", "{\"a\":/**/1}")]
    public async Task A_body_that_is_no_JSON_object_is_refused(HostKind kind, string latin)
    {
        var caller = (await Hosts.GetAsync(kind)).Caller;

        foreach (var call in new[] { "POST /api/links", Confirm })
        {
            using var answer = await caller.SendAsync(call, Content(Encoding.Latin1.GetBytes(latin), "application/json"));
            await answer.ProblemAsync(400, "invalid_request");
        }
    }

    [Theory]
    [OnEachHost("text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16", "application/jsonx", "")]
    public async Task A_body_of_another_kind_is_refused(HostKind kind, string type)
    {
        var caller = (await Hosts.GetAsync(kind)).Caller;

        using var answer = await caller.SendAsync("POST /api/links", Content("{}"u8.ToArray(), type));

        await answer.ProblemAsync(415, "invalid_request");
    }

    [Theory]
    [OnEachHost("gzip", "identity", "br")]
    public async Task An_encoded_body_is_refused(HostKind kind, string encoding)
    {
        var caller = (await Hosts.GetAsync(kind)).Caller;
        var content = Content("{}"u8.ToArray(), "application/json");
        content.Headers.ContentEncoding.Add(encoding);

        using var answer = await caller.SendAsync("POST /api/links", content);

        await answer.ProblemAsync(415, "invalid_request");
    }

    [Theory]
    [OnEachHost("65537 told", "65537 untold", "10000000 told", "10000000 untold")]
    public async Task A_body_that_is_too_long_is_refused_whether_its_length_is_told_or_not(HostKind kind, string body)
    {
        var caller = (await Hosts.GetAsync(kind)).Caller;
        var length = int.Parse(body.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

        foreach (var call in new[] { "POST /api/links", Confirm })
        {
            using var answer = await caller.SendAsync(call, body.EndsWith(" told", StringComparison.Ordinal) ? Content(Blanks(length), "application/json") : new BlankContent(length));
            await answer.ProblemAsync(413, "invalid_request");
        }
    }

    // The host reads 100 MB of a body at most, the functions 64 KB. A caller who sends on regardless may see the connection break in place of
    // the answer.
    [Theory]
    [OnEachHost("told", "untold")]
    public async Task A_body_of_more_than_100_MB_is_refused_and_others_are_served(HostKind kind, string length)
    {
        var host = await Hosts.GetAsync(kind);

        var status = await RawHttp.PostBlanksAsync(host, "/api/links", 105_000_000, length == "told");

        TestContext.Current.TestOutputHelper?.WriteLine($"answered {status}");
        if (kind is HostKind.DevHost)
            Assert.Equal(413, status);
        else
            Assert.Contains(status, Differences.TooLongForTheHost);
        using var next = await host.Caller.SendAsync("GET /api/health/live", key: "");
        Assert.Equal(HttpStatusCode.NoContent, next.StatusCode);
    }

    [Theory, OnEachHost]
    public async Task A_token_is_given_without_a_body_with_an_empty_one_and_with_an_empty_object(HostKind kind)
    {
        var caller = (await Hosts.GetAsync(kind)).Caller;
        var call = Token.Replace(Nobody, await caller.ConnectAsync(), StringComparison.Ordinal);

        foreach (var content in new HttpContent?[] { null, Content([], "application/json"), Content("{}"u8.ToArray(), "application/json"), new BlankContent(0) })
        {
            using var answer = await caller.SendAsync(call, content);
            Assert.NotEmpty((await answer.JsonAsync()).Text("access_token"));
        }
    }

    private static byte[] Blanks(int length)
    {
        var body = new byte[length];
        Array.Fill(body, (byte)' ');
        return body;
    }

    private static ByteArrayContent Content(byte[] body, string type)
    {
        var content = new ByteArrayContent(body);
        if (type.Length > 0)
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    }
}
