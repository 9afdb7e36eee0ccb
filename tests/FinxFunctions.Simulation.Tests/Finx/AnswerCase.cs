using System.Text;
using System.Text.Json;
using FinxFunctions.Finx;

namespace FinxFunctions.Simulation.Tests.Finx;

/// <summary>An answer of a token endpoint, and what it means. <c>answers.json</c> has what was seen elsewhere, and kinds of our own.</summary>
public sealed record AnswerCase(string Name, int Status, Dictionary<string, string> Headers, string Want, string? Body = null, string? BodyBase64 = null)
{
    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static readonly DateTimeOffset Now = new(2026, 11, 28, 9, 0, 0, TimeSpan.Zero);

    public byte[] Bytes => BodyBase64 is { } coded ? Convert.FromBase64String(coded) : Encoding.UTF8.GetBytes(Body ?? "");

    public static IReadOnlyList<AnswerCase> Of(string section)
    {
        using var file = typeof(AnswerCase).Assembly.GetManifestResourceStream("answers.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, List<AnswerCase>>>(file, Names)![section];
    }

    public static IReadOnlyList<AnswerCase> All => [.. Of("refresh_refusals"), .. Of("token_answers")];

    public TokenAnswer Meaning => MeaningOf(Status, Headers, Bytes);

    public static TokenAnswer MeaningOf(int status, IReadOnlyDictionary<string, string> headers, byte[] body)
    {
        using var response = new HttpResponseMessage { Content = new ByteArrayContent(body) };
        foreach (var (name, value) in headers)
        {
            if (!response.Headers.TryAddWithoutValidation(name, value))
            {
                response.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return TokenAnswers.MeaningOf(status, AnswerHeaders.Of(response, Now), body);
    }

    public static string WordOf(TokenAnswer answer) => answer switch
    {
        TokenAnswer.Granted => "tokens",
        TokenAnswer.Dead => "dead",
        TokenAnswer.Suspect => "suspect",
        TokenAnswer.ClientRefused => "client",
        TokenAnswer.NotProcessed => "later",
        _ => "unknown",
    };

    public override string ToString() => Name;
}
