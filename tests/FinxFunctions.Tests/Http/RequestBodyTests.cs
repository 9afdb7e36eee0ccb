using System.Text;
using FinxFunctions.Tests.Running;

namespace FinxFunctions.Tests.Http;

/// <summary>Bodies that are refused by every call that reads a body.</summary>
public class RequestBodyTests(LinklessApp linkless) : IClassFixture<LinklessApp>
{
    private const string Good = $$"""{"user_id":"u","return_uri":"{{World.ReturnUri}}"}""";

    private static readonly string[] Calls = ["/api/links", "/api/connections/00112233445566778899aabbccddeeff/token", "/api/connections/00112233445566778899aabbccddeeff/confirm"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static MatrixTheoryData<string, string> NotJson => new(Calls,
    [
        "{",
        "nonsense",
        "[]",
        "null",
        "\"text\"",
        "42",
        "{}{}",
        "{\"a\":1,}",
        "{'a':1}",
        "{\"a\":1 // comment\n}",
        "{\"user_id\":\"a\",\"user_id\":\"b\"}",
        "{\"user_id\":\"a\",\"user\\u005fid\":\"b\"}",
        "{\"a\":\"\u0001\"}",
        "{\"\\ud800\":1}",
        "{\"user_id\":\"u\",\"\\ud800\":1}",
        "{\"user_id\":\"u\",\"accounts\":[{\"\\ud800\":1}]}",
        "\uFEFFnot json",
        new string('[', 100_000),
        string.Concat(Enumerable.Repeat("{\"a\":", 17)) + "1" + new string('}', 17),
    ]);

    public static MatrixTheoryData<string, string> OtherTypes => new(Calls,
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json-patch+json", "application/xml", "json", "application/json; charset=utf-16", "application/json; charset=us-ascii"]);

    [Theory, MemberData(nameof(NotJson))]
    public async Task A_body_that_is_not_one_strict_JSON_object_is_refused(string call, string body)
    {
        using var response = await PostAsync(call, Encoding.UTF8.GetBytes(body), "application/json");

        await response.ProblemAsync(body.Length > 65_536 ? 413 : 400, "invalid_request");
        await linkless.AssertUntouchedAsync();
    }

    [Theory, MemberData(nameof(OtherTypes))]
    public async Task Another_content_type_is_refused(string call, string type)
    {
        using var response = await PostAsync(call, Encoding.UTF8.GetBytes(Good), type);

        await response.ProblemAsync(415, "invalid_request");
        await linkless.AssertUntouchedAsync();
    }

    [Theory]
    [InlineData("/api/links")]
    [InlineData("/api/connections/00112233445566778899aabbccddeeff/token")]
    public async Task A_content_encoding_is_refused(string call)
    {
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(Good)) { Headers = { ContentType = new("application/json"), ContentEncoding = { "gzip" } } };
        using var response = await linkless.App.Http.PostAsync(call, body, Cancel);

        await response.ProblemAsync(415, "invalid_request");
        await linkless.AssertUntouchedAsync();
    }

    [Theory]
    [InlineData("/api/links")]
    [InlineData("/api/connections/00112233445566778899aabbccddeeff/token")]
    public async Task A_missing_content_type_is_refused(string call)
    {
        using var response = await PostAsync(call, Encoding.UTF8.GetBytes(Good), null);

        await response.ProblemAsync(415, "invalid_request");
    }

    [Fact]
    public async Task A_link_and_a_confirmation_need_a_body()
    {
        using var empty = await PostAsync("/api/links", [], "application/json");
        using var none = await linkless.App.Http.PostAsync("/api/links", null, Cancel);
        using var confirmation = await PostAsync(Calls[2], [], "application/json");

        await empty.ProblemAsync(400, "invalid_request");
        await confirmation.ProblemAsync(400, "invalid_request");
        await none.ProblemAsync(400, "invalid_request");
        await linkless.AssertUntouchedAsync();
    }

    [Theory]
    [InlineData("/api/links", new byte[] { 0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D })]
    [InlineData("/api/links", new byte[] { 0x7B, 0x22, 0x61, 0x22, 0x3A, 0x22, 0xC3, 0x28, 0x22, 0x7D })]
    [InlineData("/api/links", new byte[] { 0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00 })]
    [InlineData("/api/connections/00112233445566778899aabbccddeeff/token", new byte[] { 0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D })]
    public async Task Bytes_that_are_not_UTF8_are_refused(string call, byte[] body)
    {
        using var response = await PostAsync(call, body, "application/json");

        await response.ProblemAsync(400, "invalid_request");
        await linkless.AssertUntouchedAsync();
    }

    [Theory]
    [InlineData("/api/links", 65_537)]
    [InlineData("/api/links", 10_000_000)]
    [InlineData("/api/connections/00112233445566778899aabbccddeeff/token", 10_000_000)]
    [InlineData("/api/connections/00112233445566778899aabbccddeeff/confirm", 65_537)]
    public async Task A_body_that_is_too_long_is_refused_with_and_without_a_content_length(string call, int length)
    {
        var body = new byte[length];
        Array.Fill(body, (byte)' ');

        using var withLength = await PostAsync(call, body, "application/json");
        using var chunked = new HttpRequestMessage(HttpMethod.Post, call) { Content = new StreamContent(new ChunkedStream(body)) { Headers = { ContentType = new("application/json") } } };
        using var withoutLength = await linkless.App.Http.SendAsync(chunked, Cancel);

        await withLength.ProblemAsync(413, "invalid_request");
        await withoutLength.ProblemAsync(413, "invalid_request");
        await linkless.AssertUntouchedAsync();
    }

    private Task<HttpResponseMessage> PostAsync(string path, byte[] body, string? type)
    {
        var content = new ByteArrayContent(body);
        if (type is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        return linkless.App.Http.PostAsync(path, content, Cancel);
    }

    /// <summary>A stream without a length, so that it is sent in chunks.</summary>
    private sealed class ChunkedStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
