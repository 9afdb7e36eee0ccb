using FinxFunctions.Finx;

namespace FinxFunctions.Simulation.Tests.Finx;

/// <summary>What an answer of the token endpoint means: one theory over the corpus, and what each meaning carries.</summary>
public sealed class TokenAnswersTests
{
    public static TheoryData<string> Refusals => [.. AnswerCase.Of("refresh_refusals").Select(answer => answer.Name)];

    public static TheoryData<string> Answers => [.. AnswerCase.Of("token_answers").Select(answer => answer.Name)];

    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_refusal_means_what_its_words_say(string name)
    {
        var answer = AnswerCase.Of("refresh_refusals").Single(answer => answer.Name == name);

        Assert.Equal(answer.Want, AnswerCase.WordOf(answer.Meaning));
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void An_answer_with_good_tokens_is_not_thrown_away(string name)
    {
        var answer = AnswerCase.Of("token_answers").Single(answer => answer.Name == name);

        var meaning = answer.Meaning;

        Assert.Equal(answer.Want, AnswerCase.WordOf(meaning));
        if (meaning is TokenAnswer.Granted granted)
        {
            var response = TokenResponse.TryParse(granted.Body)!; // as it is read again from the row
            Assert.True(response.RefreshToken is null or { Utf8: [(byte)'R'] });
            Assert.True(response.AccessToken is null or { Utf8: [(byte)'A'] });
        }
        else if (meaning is TokenAnswer.Unknown unknown)
        {
            Assert.Equal(answer.Bytes, unknown.Body.ToArray());
        }
    }

    [Theory]
    [InlineData(500, true)]
    [InlineData(502, true)]
    [InlineData(504, true)]
    [InlineData(503, false)]
    [InlineData(429, false)]
    [InlineData(302, false)]
    public void After_a_server_error_finX_may_have_acted(int status, bool mayHaveActed) =>
        Assert.Equal(mayHaveActed, Assert.IsType<TokenAnswer.NotProcessed>(AnswerCase.MeaningOf(status, new Dictionary<string, string>(), [])).MayHaveActed);

    [Theory]
    [InlineData("40", 40)]
    [InlineData("0", null)]
    [InlineData("-5", null)]
    [InlineData("soon", null)]
    [InlineData("NaN", null)]
    [InlineData("1e400", 3600)]
    [InlineData("99999999999999999999", 3600)]
    [InlineData("Sat, 28 Nov 2026 09:00:30 GMT", 30)]
    [InlineData("Fri, 27 Nov 2026 09:00:30 GMT", null)]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT", 3600)]
    [InlineData("", null)]
    public void Retry_after_is_seconds_or_a_date_and_an_hour_at_most(string value, int? seconds) =>
        Assert.Equal(
            seconds is { } wait ? TimeSpan.FromSeconds(wait) : null,
            Assert.IsType<TokenAnswer.NotProcessed>(AnswerCase.MeaningOf(503, new Dictionary<string, string> { ["Retry-After"] = value }, [])).RetryAfter);

    [Fact]
    public void A_description_is_neither_printed_nor_kept()
    {
        var answer = AnswerCase.MeaningOf(400, new Dictionary<string, string>(), """{"error":{"code":1003,"name":"Max Muster","message":"Max Muster","description":"The refresh token has expired."}}"""u8.ToArray());

        Assert.DoesNotContain("Muster", ((TokenAnswer.Dead)answer).Error.ToString());
        Assert.DoesNotContain("expired", $"{answer}");
    }
}
