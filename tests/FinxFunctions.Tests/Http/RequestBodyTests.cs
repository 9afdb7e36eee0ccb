using System.Text;
using FinxFunctions.Tests.Running;

namespace FinxFunctions.Tests.Http;

/// <summary>Bodies that no door takes, at both doors that read one.</summary>
public class RequestBodyTests(LinklessApp linkless) : IClassFixture<LinklessApp>
{
    private const string Good = $$"""{"user_id":"u","return_uri":"{{World.ReturnUri}}"}""";

    private static readonly string[] Doors = ["/api/links", "/api/connections/00112233445566778899aabbccddeeff/token"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static MatrixTheoryData<string, string> NotJson => new(Doors,
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

    public static MatrixTheoryData<string, string> OtherTypes => new(Doors,
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json-patch+json", "application/xml", "json", "application/json; charset=utf-16", "application/json; charset=us-ascii"]);

    [Theory, MemberData(nameof(NotJson))]
    public async Task What_is_not_one_strict_JSON_object_is_refused(string door, string body)
    {
        using var response = await PostAsync(door, Encoding.UTF8.GetBytes(body), "application/json");

        await response.ProblemAsync(body.Length > 65_536 ? 413 : 400, "invalid_request");
        await linkless.AssertUntouchedAsync();
    }

    [Theory, MemberData(nameof(OtherTypes))]
    public async Task Another_content_type_is_refused(string door, string type)
    {
        using var response = await PostAsync(door, Encoding.UTF8.GetBytes(Good), type);

        await response.ProblemAsync(415, "invalid_request");
        await linkless.AssertUntouchedAsync();
    }

    [Theory]
    [InlineData("/api/links")]
    [InlineData("/api/connections/00112233445566778899aabbccddeeff/token")]
    public async Task A_content_encoding_is_refused(string door)
    {
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(Good)) { Headers = { ContentType = new("application/json"), ContentEncoding = { "gzip" } } };
        using var response = await linkless.App.Http.PostAsync(door, body, Cancel);

        await response.ProblemAsync(415, "invalid_request");
        await linkless.AssertUntouchedAsync();
    }

    [Theory]
    [InlineData("/api/links")]
    [InlineData("/api/connections/00112233445566778899aabbccddeeff/token")]
    public async Task No_content_type_is_refused(string door)
    {
        using var response = await PostAsync(door, Encoding.UTF8.GetBytes(Good), null);

        await response.ProblemAsync(415, "invalid_request");
    }

    [Fact]
    public async Task A_link_needs_a_body()
    {
        using var empty = await PostAsync("/api/links", [], "application/json");
        using var none = await linkless.App.Http.PostAsync("/api/links", null, Cancel);

        await empty.ProblemAsync(400, "invalid_request");
        await none.ProblemAsync(400, "invalid_request");
        await linkless.AssertUntouchedAsync();
    }

    [Theory]
    [InlineData("/api/links", new byte[] { 0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D })]
    [InlineData("/api/links", new byte[] { 0x7B, 0x22, 0x61, 0x22, 0x3A, 0x22, 0xC3, 0x28, 0x22, 0x7D })]
    [InlineData("/api/links", new byte[] { 0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00 })]
    [InlineData("/api/connections/00112233445566778899aabbccddeeff/token", new byte[] { 0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D })]
    public async Task Bytes_that_are_not_UTF8_are_refused(string door, byte[] body)
    {
        using var response = await PostAsync(door, body, "application/json");

        await response.ProblemAsync(400, "invalid_request");
        await linkless.AssertUntouchedAsync();
    }

    [Theory]
    [InlineData("/api/links", 65_537)]
    [InlineData("/api/links", 10_000_000)]
    [InlineData("/api/connections/00112233445566778899aabbccddeeff/token", 10_000_000)]
    public async Task A_body_that_is_too_long_is_refused_whether_its_length_is_told_or_not(string door, int length)
    {
        var body = new byte[length];
        Array.Fill(body, (byte)' ');

        using var told = await PostAsync(door, body, "application/json");
        using var chunked = new HttpRequestMessage(HttpMethod.Post, door) { Content = new StreamContent(new Untold(body)) { Headers = { ContentType = new("application/json") } } };
        using var untold = await linkless.App.Http.SendAsync(chunked, Cancel);

        await told.ProblemAsync(413, "invalid_request");
        await untold.ProblemAsync(413, "invalid_request");
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

    /// <summary>A stream whose length nobody knows, so that it is sent in chunks.</summary>
    private sealed class Untold(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
