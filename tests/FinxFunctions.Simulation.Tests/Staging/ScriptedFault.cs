using System.Net;
using System.Text;
using Azure;
using FinxFunctions.StandIns;

namespace FinxFunctions.Simulation.Tests.Staging;

/// <summary>What happens to one remote call in place of success.</summary>
internal sealed record ScriptedFault
{
    /// <summary>The service acts on it as often: 0 where the call does not arrive, 2 where the client repeats what had succeeded.</summary>
    public int Acts { get; init; } = 1;

    /// <summary>What happens before the call arrives.</summary>
    public Func<Task>? Meanwhile { get; init; }

    /// <summary>What the caller gets in place of the service's answer.</summary>
    public Exception? Failure { get; init; }

    /// <summary>finX's answer in place of its own.</summary>
    public Func<HttpResponseMessage>? Answer { get; init; }

    /// <summary>How much later the answer comes.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Whether the caller's process ends, and never gets the answer.</summary>
    public bool IsFatal { get; init; }

    /// <summary>The service refuses for a passing reason, and does not act.</summary>
    public static ScriptedFault Fails(int status = 503) => new() { Acts = 0, Failure = new RequestFailedException(status, "Not now.") };

    /// <summary>The service acts; its answer does not arrive.</summary>
    public static ScriptedFault AnswerLost() => new() { Failure = SdkFailure.After(SdkFailure.Reset) };

    /// <summary>A store accepts the call and does not answer, until its client gives up.</summary>
    public static ScriptedFault Silent(bool acts = false) => new() { Acts = acts ? 1 : 0, Delay = SdkFailure.Silence, Failure = SdkFailure.After(SdkFailure.NoAnswer) };

    /// <summary>A call to a store fails with any exception.</summary>
    public static ScriptedFault Throws(Exception failure, bool acts = false) => new() { Acts = acts ? 1 : 0, Failure = failure };

    /// <summary>The service acts; the client does not see that, and repeats the call.</summary>
    public static ScriptedFault Repeated() => new() { Acts = 2 };

    /// <summary>finX cannot be reached, or the connection to it breaks.</summary>
    public static ScriptedFault Breaks(HttpRequestError error, bool acts = false) => new() { Acts = acts ? 1 : 0, Failure = new HttpRequestException(error, "Broken.") };

    /// <summary>finX answers this, and does nothing.</summary>
    public static ScriptedFault Answers(HttpStatusCode status, string body = "", TimeSpan? retryAfter = null) => new()
    {
        Acts = 0,
        Answer = () =>
        {
            var answer = new HttpResponseMessage(status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
            answer.Headers.RetryAfter = retryAfter is { } wait ? new(wait) : null;
            return answer;
        },
    };

    /// <summary>finX issues these tokens and does not know them later.</summary>
    public static ScriptedFault Grants(string json = """{"access_token":"~token~access","refresh_token":"~token~refresh","expires_in":3600}""") => Answers(HttpStatusCode.OK, json);

    /// <summary>finX refuses the token.</summary>
    public static ScriptedFault Refuses() => Answers(HttpStatusCode.BadRequest, """{"error":"invalid_grant"}""");

    /// <summary>finX refuses this client.</summary>
    public static ScriptedFault RefusesClient() => Answers(HttpStatusCode.Unauthorized, """{"error":"invalid_client"}""");

    /// <summary>The connection to finX breaks before an answer comes. Its outcome is unknown.</summary>
    public static ScriptedFault NoAnswer(bool acts = false) => Breaks(HttpRequestError.ResponseEnded, acts);

    /// <summary>The call arrives, its answer comes later.</summary>
    public static ScriptedFault Late(TimeSpan delay) => new() { Delay = delay };

    /// <summary>The process ends before the call arrives, or after the service acted.</summary>
    public static ScriptedFault Kills(bool acts) => new() { Acts = acts ? 1 : 0, IsFatal = true };

    /// <summary>Something else happens before the call arrives.</summary>
    public static ScriptedFault After(Func<Task> meanwhile) => new() { Meanwhile = meanwhile };

    /// <summary>Something else happens before the call arrives.</summary>
    public static ScriptedFault After(Action meanwhile) => After(() =>
    {
        meanwhile();
        return Task.CompletedTask;
    });
}
