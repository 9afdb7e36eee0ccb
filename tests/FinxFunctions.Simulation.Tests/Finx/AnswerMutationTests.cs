using System.Text;
using FinxFunctions.Finx;

namespace FinxFunctions.Simulation.Tests.Finx;

/// <summary>Properties of the meaning of answers, over mutations of the corpus.</summary>
public sealed class AnswerMutationTests
{
    private const int Answers = 4_000;

    /// <summary>Some word by which a body says that a token is worth nothing: the generator makes no others.</summary>
    private static readonly string[] DeadWords = ["grant", "token", "code"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void No_answer_throws_loses_tokens_or_ends_a_connection_without_a_known_word(int seed)
    {
        var mutation = new AnswerMutation(new Random(seed));
        for (var number = 0; number < Answers; number++)
        {
            var (status, headers, body) = mutation.Next();
            var meaning = AnswerCase.MeaningOf(status, headers, body);
            var because = $"seed {seed}, answer {number}: {status} {Encoding.Latin1.GetString(body)} -> {meaning}";

            Check(status, headers.GetValueOrDefault("Content-Encoding"), body, meaning, because);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void No_bytes_throw(int seed)
    {
        var random = new Random(seed);
        for (var number = 0; number < Answers; number++)
        {
            var body = new byte[random.Next(64)];
            random.NextBytes(body);
            const string Alphabet = "{}[]\":,\\u/*\n d8e";
            for (var at = 0; at < body.Length && number % 2 == 0; at++)
            {
                body[at] = (byte)Alphabet[random.Next(Alphabet.Length)];
            }

            Assert.NotNull(AnswerCase.MeaningOf(200, new Dictionary<string, string>(), body));
            _ = FinxError.TryParse(body);
        }
    }

    private static void Check(int status, string? encoding, byte[] body, TokenAnswer meaning, string because)
    {
        var isSuccess = status is >= 200 and < 300;
        if (meaning is TokenAnswer.Granted granted)
        {
            Assert.True(TokenResponse.TryParse(granted.Body) is { IsPartial: false }, because);
        }
        else if (isSuccess && encoding is null && TokenResponse.TryParse(body) is not null)
        {
            Assert.True(meaning is TokenAnswer.Unknown unknown && unknown.Body.Span.SequenceEqual(body), because);
        }

        if (meaning is TokenAnswer.Dead)
        {
            Assert.True(status is (>= 200 and < 300) or (>= 400 and < 500), because);
            Assert.True(encoding is not null || DeadWords.Any(Spelling.Of(Encoding.Latin1.GetString(body)).Contains), because);
        }
    }
}
