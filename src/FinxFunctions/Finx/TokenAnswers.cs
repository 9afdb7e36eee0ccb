using System.Net;

namespace FinxFunctions.Finx;

/// <summary>
/// What an answer of the token endpoint means for the token that was presented. The body decides first and the status second, by recognising
/// what is known: an answer that nobody knows ends no connection.
/// </summary>
public static class TokenAnswers
{
    /// <summary>The meaning of an answer. Pure, and never throws.</summary>
    /// <param name="body">As it came, so still encoded where <paramref name="headers"/> name an encoding.</param>
    public static TokenAnswer MeaningOf(int status, AnswerHeaders headers, ReadOnlyMemory<byte> body)
    {
        var isSuccess = status is >= 200 and < 300;
        var text = BodyEncoding.Decode(body, headers.Encodings, FinxTokenClient.MaximumAnswer);
        var words = ErrorWords.Of(text);
        var response = TokenResponse.TryParse(text);
        if (response is { IsPartial: false } && (isSuccess || (response.RefreshToken is not null && !words.HasError && !words.IsDead)))
        {
            return new TokenAnswer.Granted(text);
        }

        if (isSuccess && (response is not null || words.HasHiddenToken))
        {
            return new TokenAnswer.Unknown($"finX answered {status}, and not all tokens in its answer can be read", body);
        }

        return OfWords(status, headers, words, text)
            ?? (!isSuccess ? OfStatus(status, headers, words, text)
                : words.HasError ? new TokenAnswer.Suspect(status, FinxError.TryParse(text))
                : new TokenAnswer.Unknown($"finX answered {status}, and the answer cannot be read", body));
    }

    /// <summary>The meaning of the words in the body; null where none is known.</summary>
    private static TokenAnswer? OfWords(int status, AnswerHeaders headers, ErrorWords words, ReadOnlyMemory<byte> body)
    {
        var error = FinxError.TryParse(body);
        var isActing = status is (>= 200 and < 300) or (>= 400 and < 500);
        return words switch
        {
            // A server that fails may say anything, and so does one that says two things at once.
            { IsDead: true } when !isActing || words.IsClient || words.IsLater => new TokenAnswer.Suspect(status, error),
            { IsDead: true } => new TokenAnswer.Dead(status, error ?? new FinxError(null, null, new Dictionary<string, string[]>())),
            { IsLater: true } => Later(status, headers, error),
            { IsClient: true } when isActing => new TokenAnswer.ClientRefused(status, error),
            _ => null,
        };
    }

    /// <summary>The meaning of a status other than 2xx whose body has no known words.</summary>
    private static TokenAnswer OfStatus(int status, AnswerHeaders headers, ErrorWords words, ReadOnlyMemory<byte> body)
    {
        var error = FinxError.TryParse(body);
        var isPage = LenientJson.FirstByteOf(body) == '<';
        return (HttpStatusCode)status switch
        {
            < HttpStatusCode.BadRequest or >= HttpStatusCode.InternalServerError => Later(status, headers, error),
            HttpStatusCode.TooManyRequests or HttpStatusCode.Locked or HttpStatusCode.RequestTimeout or (HttpStatusCode)425 => Later(status, headers, error),
            _ when headers.RetryAfter is not null => Later(status, headers, error),
            _ when words.IsAboutToken => new TokenAnswer.Suspect(status, error),
            HttpStatusCode.Unauthorized when headers.AsksForClient || isPage => new TokenAnswer.ClientRefused(status, error),

            // Not found: a page is that of a gateway or of a deployment. Without one, the address may be wrong.
            HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed when isPage => Later(status, headers, error),
            HttpStatusCode.NotFound when !words.HasOwnName => new TokenAnswer.ClientRefused(status, error),
            HttpStatusCode.Forbidden or HttpStatusCode.MethodNotAllowed or HttpStatusCode.PaymentRequired or HttpStatusCode.NotAcceptable
                or HttpStatusCode.ProxyAuthenticationRequired or HttpStatusCode.LengthRequired or HttpStatusCode.RequestEntityTooLarge
                or HttpStatusCode.RequestUriTooLong or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.UpgradeRequired
                or HttpStatusCode.RequestHeaderFieldsTooLarge or HttpStatusCode.UnavailableForLegalReasons => new TokenAnswer.ClientRefused(status, error),
            _ => new TokenAnswer.Suspect(status, error),
        };
    }

    private static TokenAnswer.NotProcessed Later(int status, AnswerHeaders headers, FinxError? error) =>
        new($"finX answered {status}{(error is null ? "" : $", {error}")}", headers.RetryAfter) { MayHaveActed = status is >= 500 and not 503 };
}
