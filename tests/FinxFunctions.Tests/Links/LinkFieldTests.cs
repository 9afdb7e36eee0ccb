using System.Net.Http.Json;
using FinxFunctions.Tests.Running;

namespace FinxFunctions.Tests.Links;

/// <summary>Every reason to refuse the body of <c>POST /api/links</c> before finX is asked.</summary>
public class LinkFieldTests(LinklessApp linkless) : IClassFixture<LinklessApp>
{
    private static readonly string Long = new('x', 2_049);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A field and a value, in JSON, that is wrong for it.</summary>
    public static TheoryData<string, string> Wrong() => new()
    {
        { "user_id", "null" },
        { "user_id", "\"\"" },
        { "user_id", "1" },
        { "user_id", "[]" },
        { "user_id", "\"a\\u0000b\"" },
        { "user_id", "\"a\\nb\"" },
        { "user_id", "\"\\ud800\"" },
        { "user_id", $"\"{Long[..129]}\"" },
        { "return_uri", "null" },
        { "return_uri", "\"\"" },
        { "return_uri", "{}" },
        { "return_uri", "\"/banking\"" },
        { "return_uri", "\"https://app.test/elsewhere\"" },
        { "return_uri", "\"https://app.test/banking/done?tab=1&status=connected\"" }, // an application that reads the first value would believe it
        { "return_uri", "\"https://app.test/banking/done?St%61te=x\"" },
        { "return_uri", $"\"https://app.test/banking/{Long}\"" },
        { "state", "1" },
        { "state", "\"\"" },
        { "state", $"\"{Long[..1025]}\"" },
        { "state", "\"a\\u001bb\"" },
        { "connection_id", "\"nope\"" },
        { "connection_id", "7" },
        { "connection_id", "\"ABCDEFABCDEFABCDEFABCDEFABCDEFAB\"" },
        { "tracking_id", "1" },
        { "tracking_id", $"\"{Long[..129]}\"" },
        { "mode", "\"Popup\"" },
        { "mode", "\"\"" },
        { "mode", "1" },
        { "origin", "\"https://app.test\"" }, // without a mode that posts the outcome
        { "code_challenge", "\"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c\"" },
        { "code_challenge", "\"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cN\"" }, // bits that no hash has
        { "language", "\"\"" },
        { "language", "\"xx\"" },
        { "language", "\"DE\"" },
        { "language", "\"de,en\"" },
        { "language", "1" },
        { "provider_id", "\"1\"" },
        { "provider_id", "\"6b2f5b0e4c524f1b9f0e0d7f6f0a1001\"" },
        { "provider_id", "\"{6b2f5b0e-4c52-4f1b-9f0e-0d7f6f0a1001}\"" },
        { "provider_id", "true" },
        { "provider_id", "\"\"" },
        { "provider_id", $"\"{string.Concat(Enumerable.Repeat("\\ud800", 6))}\"" },
        { "accounts", "\"DE89370400440532013000\"" },
        { "accounts", "{}" },
        { "accounts[0]", "[1]" },
        { "accounts[0]", "[null]" },
        { "accounts[0].id", """[{"id":null}]""" },
        { "accounts[1].id", """[{"id":"4711"},{}]""" },
        { "accounts[0].id", """[{"id":""}]""" },
        { "accounts[0].id", """[{"id":"DE89370400440532013001"}]""" },
        { "accounts[0].id", """[{"id":"DE89 3704 0044 0532 0130 01"}]""" },
        { "accounts[0].id", """[{"id":4711}]""" },
        { "accounts[0].currency", """[{"id":"4711","currency":"eur"}]""" },
        { "accounts[0].currency", """[{"id":"4711","currency":"EURO"}]""" },
        { "accounts[0].currency", """[{"id":"4711","currency":978}]""" },
        { "accounts[0].iban", """[{"id":"4711","iban":"x"}]""" },
        { "accounts", $"[{string.Join(',', Enumerable.Repeat("""{"id":"1"}""", 51))}]" },
        { "account_types", "\"Giro account\"" },
        { "account_types", "[1]" },
        { "account_types", """[""]""" },
        { "account_types", "[null]" },
        { "account_types", """["\ud800"]""" },
        { "account_types", """["a\tb"]""" },
        { "allow_multi_selection", "\"true\"" },
        { "allow_multi_selection", "1" },
        { "save_secrets", "\"yes\"" },
        { "sync_period", "0" },
        { "sync_period", "-1" },
        { "sync_period", "731" },
        { "sync_period", "1.5" },
        { "sync_period", "\"90\"" },
        { "sync_period", "99999999999" },
        { "redirect_uri", "\"https://evil.test/\"" },
        { "nonsense", "null" },
        { "User_Id", "\"x\"" },
    };

    [Theory, MemberData(nameof(Wrong))]
    public async Task A_wrong_field_is_named(string field, string value)
    {
        var name = field.Split('[')[0];

        using var response = await PostAsync(Body((name, value)));

        Assert.Contains(field, (await response.ProblemAsync(400, "invalid_request")).Fields());
        await linkless.AssertUntouchedAsync();
    }

    [Fact]
    public async Task All_errors_are_reported_at_once()
    {
        using var response = await PostAsync("""
            {
              "return_uri": "https://evil.test/", "language": "xx", "provider_id": "1", "sync_period": 0, "save_secrets": 1,
              "accounts": [{"id": "DE89370400440532013001", "currency": "x"}], "account_types": [1], "unknown": {"user_id": "u"}
            }
            """);

        Assert.Equal(
            ["account_types", "accounts[0].currency", "accounts[0].id", "language", "provider_id", "return_uri", "save_secrets", "sync_period", "unknown", "user_id"],
            (await response.ProblemAsync(400, "invalid_request")).Fields().Order(StringComparer.Ordinal));
        await linkless.AssertUntouchedAsync();
    }

    [Fact]
    public async Task The_name_of_an_unknown_field_cannot_be_misused()
    {
        using var response = await PostAsync(Body(($"\\u001b[31m{Long}", "1")));

        var name = Assert.Single((await response.ProblemAsync(400, "invalid_request")).Fields());
        Assert.InRange(name.Length, 1, 64);
        Assert.DoesNotContain(name, char.IsControl);
    }

    [Theory]
    [InlineData("?x=1")]
    [InlineData("?user_id=u")]
    [InlineData("?code=key&code=key")]
    [InlineData("?%00=1")]
    public async Task A_query_parameter_that_is_unknown_or_given_twice_is_refused(string query)
    {
        using var response = await linkless.App.Http.PostAsJsonAsync("/api/links" + query, new { user_id = "u", return_uri = World.ReturnUri }, Cancel);

        await response.ProblemAsync(400, "invalid_request");
        await linkless.AssertUntouchedAsync();
    }

    /// <summary>The smallest valid body, with fields added or replaced. Values are JSON.</summary>
    private static string Body(params (string Name, string Value)[] fields)
    {
        Dictionary<string, string> all = new() { ["user_id"] = "\"u\"", ["return_uri"] = $"\"{World.ReturnUri}\"" };
        foreach (var (name, value) in fields)
        {
            all[name] = value;
        }

        return $"{{{string.Join(',', all.Select(field => $"\"{field.Key}\":{field.Value}"))}}}";
    }

    private Task<HttpResponseMessage> PostAsync(string body) =>
        linkless.App.Http.PostAsync("/api/links", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Cancel);
}
