using System.Text;
using FinxFunctions.Finx;

namespace FinxFunctions.Simulation.Tests.Finx;

/// <summary>The reader of token answers takes each field for itself.</summary>
public sealed class TokenResponseTests
{
    [Theory]
    [InlineData("3600", 3600.0)]
    [InlineData("\"3600\"", 3600.0)]
    [InlineData("3600.5", 3600.5)]
    [InlineData("\" 60 \"", 60.0)]
    [InlineData("0", null)]
    [InlineData("-1", null)]
    [InlineData("1e300", null)]
    [InlineData("null", null)]
    [InlineData("true", null)]
    [InlineData("\"soon\"", null)]
    [InlineData("[3600]", null)]
    [InlineData("{\"seconds\":3600}", null)]
    public void A_life_is_a_number_of_seconds_or_unknown(string value, double? seconds) =>
        Assert.Equal(seconds is { } life ? TimeSpan.FromSeconds(life) : null, Parse($$"""{"access_token":"A","expires_in":{{value}}}""")!.ExpiresIn);

    [Theory]
    [InlineData("refresh_token_expires_in")]
    [InlineData("refresh_expires_in")]
    [InlineData("refresh_token_lifetime")]
    [InlineData("x_refresh_token_expires_in")]
    [InlineData("refreshTokenExpiresIn")]
    public void The_stated_life_of_a_refresh_token_is_read(string name)
    {
        var response = Parse($$"""{"access_token":"A","refresh_token":"R","expires_in":60,"{{name}}":"86400"}""")!;

        Assert.Equal((TimeSpan.FromSeconds(60), TimeSpan.FromDays(1)), (response.ExpiresIn, response.RefreshExpiresIn));
    }

    [Fact]
    public void A_refresh_token_that_never_expires_states_no_life() => Assert.Null(Parse("""{"refresh_token":"R","refresh_expires_in":0}""")!.RefreshExpiresIn);

    [Theory]
    [InlineData("""{"access_token":"A","refresh_token":"R"}""", false)]
    [InlineData("""{"access_token":"A"}""", false)]
    [InlineData("""{"access_token":"A","refresh_token":null}""", false)]
    [InlineData("""{"access_token":"A","refresh_token":""}""", false)]
    [InlineData("""{"access_token":"A","refresh_token":{}}""", false)]
    [InlineData("""{"access_token":"A","refresh_token":{"value":"R"}}""", true)]
    [InlineData("""{"access_token":"A","refresh_token":"\ud800"}""", true)]
    [InlineData("""{"access_token":"A","expires_in":3600""", true)]
    [InlineData("""{"refresh_token":"R","scope":"a""", false)]
    public void A_refresh_token_that_may_be_lost_is_noticed(string json, bool isPartial) => Assert.Equal(isPartial, Parse(json)!.IsPartial);

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("\"A\"")]
    [InlineData("[]")]
    [InlineData("}{")]
    [InlineData("""{"data":{"access_token":"A","refresh_token":"R"}}""")]
    [InlineData("""{"access_token":"  ","refresh_token":"\r\n"}""")]
    [InlineData("""{"refresh_token":"cut""")]
    [InlineData("""{"refresh_token":"cut\""")]
    [InlineData("""{"refresh_token":"cut\u00""")]
    [InlineData("<html>{\"access_token\":\"A\"}</html>")]
    public void A_body_without_a_token_in_its_place_is_none(string json) => Assert.Null(Parse(json));

    [Fact]
    public void A_token_of_any_length_and_depth_beside_it_is_read()
    {
        var token = new string('t', 100_000);
        var deep = new string('[', 50_000) + new string(']', 50_000);

        var response = Parse($$"""{"a":{{deep}},"refresh_token":"{{token}}","b":[{"refresh_token":"other"}] }""")!;

        Assert.Equal(token, response.RefreshToken!.Reveal());
    }

    [Fact]
    public void Escapes_are_undone() => Assert.Equal("a/b\"c\\dé", Parse("""{"refresh_token":"a\/b\"c\\d\u00e9"}""")!.RefreshToken!.Reveal());

    [Theory]
    [InlineData("""{"error":{"code":"1004"}}""", 1004, null)]
    [InlineData("""{"error":{"code":"invalid_grant"}}""", null, "invalid_grant")]
    [InlineData("""{"error":{"code":null,"name":"busy"}} // x""", null, "busy")]
    [InlineData("""{"error":{"code":99999999999}}""", null, null)]
    [InlineData("""{"error":{"code":1000,"data":{"a":["b",],},},}""", 1000, null)]
    [InlineData("""{"error":{"code":1000,"message":"cut""", 1000, null)]
    public void An_error_is_read_as_leniently(string json, int? code, string? name)
    {
        var error = FinxError.TryParse(Encoding.UTF8.GetBytes(json))!;

        Assert.Equal((code, name), (error.Code, error.Name));
    }

    private static TokenResponse? Parse(string json) => TokenResponse.TryParse(Encoding.UTF8.GetBytes(json));
}
