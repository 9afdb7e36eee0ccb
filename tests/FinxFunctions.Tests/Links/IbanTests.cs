using FinxFunctions.Links;

namespace FinxFunctions.Tests.Links;

public class IbanTests
{
    [Theory]
    [InlineData("DE89370400440532013000")]
    [InlineData("DE89 3704 0044 0532 0130 00")]
    [InlineData("de89370400440532013000")]
    [InlineData("GB82WEST12345698765432")]
    [InlineData("MT84MALT011000012345MTLCAST001S")]
    [InlineData("NO9386011117947")]
    [InlineData("FR1420041010050500013M02606")]
    public void A_good_IBAN_looks_like_one_and_is_valid(string text)
    {
        Assert.True(Iban.LooksLikeOne(text));
        Assert.True(Iban.IsValid(text));
    }

    [Theory]
    [InlineData("DE89370400440532013001")]
    [InlineData("DE98370400440532013000")]
    [InlineData("DE89370400440532031000")]
    [InlineData("GB82WEST12345698765423")]
    public void A_slip_of_the_pen_is_noticed(string text)
    {
        Assert.True(Iban.LooksLikeOne(text));
        Assert.False(Iban.IsValid(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0532013000")]
    [InlineData("5232450000001234")]
    [InlineData("DE8937040044")]
    [InlineData("DE8937040044053201300012345678901234567")]
    [InlineData("D189370400440532013000")]
    [InlineData("DEX9370400440532013000")]
    [InlineData("DE89-3704-0044-0532-0130-00")]
    [InlineData("ДЕ89370400440532013000")]
    [InlineData("DE٨٩370400440532013000")]
    public void Other_account_numbers_are_left_alone(string text) => Assert.False(Iban.LooksLikeOne(text));
}
