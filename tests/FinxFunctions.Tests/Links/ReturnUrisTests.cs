using FinxFunctions.Links;
using Microsoft.Extensions.Options;

namespace FinxFunctions.Tests.Links;

public class ReturnUrisTests
{
    [Theory]
    [InlineData("https://app.test/banking")]
    [InlineData("https://app.test/banking/")]
    [InlineData("https://app.test/banking/done?tab=2&next=%2Fhome")]
    [InlineData("https://APP.TEST/banking/done")]
    [InlineData("https://app.test:443/banking/done")]
    [InlineData("https://app.test/banking/sub.folder/a-b_c~d")]
    [InlineData("https://app.test/banking/../banking/done")]
    [InlineData("https://xn--mnchen-3ya.test/banking")]
    [InlineData("https://münchen.test/banking")]
    [InlineData("https://app.test:8443/")]
    [InlineData("https://app.test:8443/anything")]
    [InlineData("http://localhost:5173/done")]
    [InlineData("http://127.0.0.1:80/")]
    public void An_address_within_the_list_is_taken(string address) => Assert.NotNull(Uris().TryParse(address));

    [Theory]
    [InlineData("")]
    [InlineData("banking")]
    [InlineData("/banking")]
    [InlineData("//app.test/banking")]
    [InlineData("https:/app.test/banking/x")]
    [InlineData("https:app.test/banking")]
    [InlineData("https://app.test")]
    [InlineData("https://app.test/")]
    [InlineData("https://app.test/bank")]
    [InlineData("https://app.test/bankings")]
    [InlineData("https://app.test/banking.evil")]
    [InlineData("https://app.test/banking;x")]
    [InlineData("https://app.test/Banking")]
    [InlineData("https://app.test/banking/..")]
    [InlineData("https://app.test/banking/../admin")]
    [InlineData("https://app.test/banking/%2e%2e/admin")]
    [InlineData("https://app.test/banking/%2E%2E%2Fadmin")]
    [InlineData("https://app.test/banking/..%2fadmin")]
    [InlineData("https://app.test/banking/..%5cadmin")]
    [InlineData("https://app.test/banking//evil.test")]
    [InlineData("https://app.test/banking/%00")]
    [InlineData("https://app.test/banking%2f..%2fadmin")]
    [InlineData("https://app.test/banking\\..\\admin")]
    [InlineData("https://app.test\\@evil.test/banking")]
    [InlineData("https:\\\\app.test\\banking")]
    [InlineData("https://evil.test\\app.test/banking")]
    [InlineData("https://app.test@evil.test/banking")]
    [InlineData("https://app.test:x@evil.test/banking")]
    [InlineData("https://user@app.test/banking")]
    [InlineData("https://user:password@app.test/banking")]
    [InlineData("https://@app.test/banking")]
    [InlineData("https://app.test%40evil.test/banking")]
    [InlineData("https://app.test.evil.test/banking")]
    [InlineData("https://evilapp.test/banking")]
    [InlineData("https://sub.app.test/banking")]
    [InlineData("https://app.test./banking")]
    [InlineData("https://app.tes/banking")]
    [InlineData("https://app.testt/banking")]
    [InlineData("https://аpp.test/banking")] // a Cyrillic а
    [InlineData("https://app。test.evil.test/banking")]
    [InlineData("https://app.test:444/banking")]
    [InlineData("https://app.test:0443x/banking")]
    [InlineData("http://app.test/banking")]
    [InlineData("http://app.test:443/banking")]
    [InlineData("HTTPS+x://app.test/banking")]
    [InlineData("javascript:alert(1)//app.test/banking")]
    [InlineData("javascript://app.test/banking%0aalert(1)")]
    [InlineData("data:text/html,<script>")]
    [InlineData("file:///banking")]
    [InlineData("ftp://app.test/banking")]
    [InlineData("myapp://app.test/banking")]
    [InlineData("https://app.test/banking#x")]
    [InlineData("https://app.test/banking#")]
    [InlineData("https://app.test/banking#https://app.test/banking")]
    [InlineData(" https://app.test/banking")]
    [InlineData("https://app.test/banking ")]
    [InlineData("https://app.test/ban king")]
    [InlineData("https://app.test/banking\t")]
    [InlineData("https://app.test/banking\r\nSet-Cookie: a=b")]
    [InlineData("https://app.test/banking\0")]
    [InlineData("https://localhost:5173/done")]
    [InlineData("http://localhost.evil.test/done")]
    [InlineData("http://localhost@evil.test/done")]
    [InlineData("http://[::1]:5173/done")]
    [InlineData("http://2130706433.evil.test/")]
    public void An_address_outside_the_list_is_refused(string address) => Assert.Null(Uris().TryParse(address));

    [Fact]
    public void An_address_of_more_than_2048_characters_is_refused() =>
        Assert.Null(Uris().TryParse("https://app.test/banking/" + new string('x', 2_048)));

    private static ReturnUris Uris()
    {
        var options = new LinkOptions();
        foreach (var allowed in new[] { "https://app.test/banking", "https://münchen.test/banking", "https://app.test:8443", "http://localhost/", "http://127.0.0.1/" })
        {
            options.AllowedReturnUris.Add(new Uri(allowed));
        }

        return new ReturnUris(Options.Create(options));
    }
}
