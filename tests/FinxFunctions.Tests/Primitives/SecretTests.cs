using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FinxFunctions.Primitives;

namespace FinxFunctions.Tests.Primitives;

public class SecretTests
{
    [Theory]
    [InlineData("eyJhbGciOi.J-_x~+/=")]
    [InlineData("\"<ä>\u20AC\uD83D\uDD11\\")]
    [InlineData("")]
    public void A_secret_comes_back_as_it_was(string text)
    {
        var secret = new Secret(text);

        Assert.Equal(text, secret.Reveal());
        Assert.Equal(text, JsonSerializer.Deserialize<string>(JsonSerializer.Serialize(secret)));
        Assert.Equal(secret, JsonSerializer.Deserialize<Secret>(JsonSerializer.Serialize(text)));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), secret.Hash());
    }

    [Fact]
    public void Secrets_are_equal_by_what_they_hold_and_show_none_of_it()
    {
        Assert.Equal(new Secret("token"), new Secret("token"));
        Assert.Equal(new Secret("token").GetHashCode(), new Secret("token").GetHashCode());
        Assert.NotEqual(new Secret("token"), new Secret("other"));
        Assert.Equal("[redacted]", $"{new Secret("token")}");
    }
}
